"""The calls on what is known."""

from services.reporting.bootstrap import Composition
from shared.contracts.operations import NoRequest
from shared.contracts.reporting.operations import facts as ops
from shared.contracts.reporting.views import facts as views
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Facts:
    reporting: Composition

    @operation(ops.GET_KNOWN_FACTS)
    def get_known_facts(self, request: NoRequest, context: CallContext) -> views.KnownFacts:
        return self.reporting.query(self.reporting.queries.facts.get_known_facts, request, context)

    @operation(ops.LIST_FACTS)
    def list_facts(self, request: views.ListFacts, context: CallContext) -> views.FactPage:
        return self.reporting.query(self.reporting.queries.facts.list_facts, request, context)
