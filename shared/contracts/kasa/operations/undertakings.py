"""Calls on single undertakings and de minimis aid."""

from shared.contracts.access import Role
from shared.contracts.kasa.commands import undertakings as commands
from shared.contracts.kasa.operations.making import LENDING, READERS, STEERING, command, query
from shared.contracts.kasa.views import ById
from shared.contracts.kasa.views import undertakings as views

ADD_LINK = command("add_link", commands.AddLink, LENDING)
END_LINK = command("end_link", commands.EndLink, LENDING)
DECLARE_AID = command("declare_aid", commands.DeclareAid, LENDING)
GRANT_AID = command("grant_aid", commands.GrantAid, STEERING)
RECOVER_AID = command("recover_aid", commands.RecoverAid, STEERING)
PASS_AID = command("pass_aid", commands.PassAid, STEERING)
ANNOUNCE_RATES = command("announce_rates", commands.AnnounceRates, LENDING)

GET_UNDERTAKING = query(
    "get_undertaking", views.GetUndertaking, views.Undertaking, LENDING | {Role.AUDITOR}
)
GET_AID_CERTIFICATE = query("get_aid_certificate", ById, views.Certificate, READERS)
RENDER_AID_CERTIFICATE = query("render_aid_certificate", ById, views.CertificateDocument, READERS)
LIST_AID = query("list_aid", views.ListAid, views.RegisterPage, LENDING | {Role.AUDITOR})
