"""The calls on facts of communes, indicators and needs."""

from functools import partial

from services.research.application import communes
from services.research.bootstrap import Composition
from shared.contracts.jobs import JobStarted
from shared.contracts.research.commands import communes as commands
from shared.contracts.research.operations import communes as ops
from shared.contracts.research.views import ById
from shared.contracts.research.views import communes as views
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Communes:
    research: Composition

    @operation(ops.IMPORT_FACTS)
    def import_facts(self, request: commands.ImportFacts, context: CallContext) -> JobStarted:
        return self.research.query(self.research.facts_imports.import_facts, request, context)

    @operation(ops.GET_FACTS_IMPORT)
    def get_facts_import(self, request: ById, context: CallContext) -> views.FactsImport:
        return self.research.query(self.research.facts_imports.get_facts_import, request, context)

    @operation(ops.LIST_COMMUNE_FACTS)
    def list_commune_facts(
        self, request: views.ListCommuneFacts, context: CallContext
    ) -> views.CommuneFactsPage:
        listed = self.research.queries.communes.list_commune_facts
        return self.research.query(listed, request, context)

    @operation(ops.GET_COMMUNE_INDICATORS)
    def get_commune_indicators(
        self, request: views.AskNeeds, context: CallContext
    ) -> views.Indicators:
        asked = partial(communes.get_commune_indicators, self.research.application)
        return self.research.query(asked, request, context)

    @operation(ops.GET_COMMUNE_NEEDS)
    def get_commune_needs(self, request: views.AskNeeds, context: CallContext) -> views.Needs:
        asked = partial(communes.get_commune_needs, self.research.application)
        return self.research.query(asked, request, context)
