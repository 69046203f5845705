"""The calls on single undertakings and de minimis aid."""

from services.kasa.application import undertakings
from services.kasa.bootstrap import Composition
from shared.contracts.kasa.commands import undertakings as commands
from shared.contracts.kasa.operations import undertakings as ops
from shared.contracts.kasa.views import ById
from shared.contracts.kasa.views import undertakings as views
from shared.contracts.operations import Receipt
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Undertakings:
    kasa: Composition

    @operation(ops.ADD_LINK)
    def add_link(self, request: commands.AddLink, context: CallContext) -> Receipt:
        return self.kasa.command(undertakings.add_link, request, context)

    @operation(ops.END_LINK)
    def end_link(self, request: commands.EndLink, context: CallContext) -> Receipt:
        return self.kasa.command(undertakings.end_link, request, context)

    @operation(ops.DECLARE_AID)
    def declare_aid(self, request: commands.DeclareAid, context: CallContext) -> Receipt:
        return self.kasa.command(undertakings.declare_aid, request, context)

    @operation(ops.GRANT_AID)
    def grant_aid(self, request: commands.GrantAid, context: CallContext) -> Receipt:
        return self.kasa.command(undertakings.grant_aid, request, context)

    @operation(ops.RECOVER_AID)
    def recover_aid(self, request: commands.RecoverAid, context: CallContext) -> Receipt:
        return self.kasa.command(undertakings.recover_aid, request, context)

    @operation(ops.PASS_AID)
    def pass_aid(self, request: commands.PassAid, context: CallContext) -> Receipt:
        return self.kasa.command(undertakings.pass_aid, request, context)

    @operation(ops.ANNOUNCE_RATES)
    def announce_rates(self, request: commands.AnnounceRates, context: CallContext) -> Receipt:
        return self.kasa.command(undertakings.announce_rates, request, context)

    @operation(ops.GET_UNDERTAKING)
    def get_undertaking(
        self, request: views.GetUndertaking, context: CallContext
    ) -> views.Undertaking:
        return self.kasa.query(self.kasa.queries.undertakings.get_undertaking, request, context)

    @operation(ops.GET_AID_CERTIFICATE)
    def get_aid_certificate(self, request: ById, context: CallContext) -> views.Certificate:
        return self.kasa.query(self.kasa.queries.undertakings.get_aid_certificate, request, context)

    @operation(ops.RENDER_AID_CERTIFICATE)
    def render_aid_certificate(
        self, request: ById, context: CallContext
    ) -> views.CertificateDocument:
        return self.kasa.query(
            self.kasa.queries.undertakings.render_aid_certificate, request, context
        )

    @operation(ops.LIST_AID)
    def list_aid(self, request: views.ListAid, context: CallContext) -> views.RegisterPage:
        return self.kasa.query(self.kasa.queries.undertakings.list_aid, request, context)
