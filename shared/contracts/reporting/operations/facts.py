"""Calls on the facts that numbers are counted from."""

from shared.contracts.operations import NoRequest
from shared.contracts.reporting.operations.making import EXAMINING, query
from shared.contracts.reporting.views import facts as views

GET_KNOWN_FACTS = query("get_known_facts", NoRequest, views.KnownFacts, EXAMINING)
LIST_FACTS = query("list_facts", views.ListFacts, views.FactPage, EXAMINING)
