"""The calls on numbers."""

from services.reporting.bootstrap import Composition
from shared.contracts.operations import NoRequest
from shared.contracts.reporting.operations import indicators as ops
from shared.contracts.reporting.views import indicators as views
from shared.contracts.reporting.vocabulary.indicators import CountOf
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Indicators:
    reporting: Composition

    @operation(ops.LIST_INDICATOR_SETS)
    def list_indicator_sets(self, request: NoRequest, context: CallContext) -> views.SetList:
        return self.reporting.query(self.reporting.numbers.list_indicator_sets, request, context)

    @operation(ops.COUNT_INDICATORS)
    def count_indicators(
        self, request: views.CountIndicators, context: CallContext
    ) -> views.Indicators:
        return self.reporting.query(self.reporting.numbers.count_indicators, request, context)

    @operation(ops.LIST_INDICATOR_UNITS)
    def list_indicator_units(
        self, request: views.GetUnits, context: CallContext
    ) -> views.IndicatorUnits:
        return self.reporting.query(self.reporting.numbers.list_indicator_units, request, context)

    @operation(ops.GET_INDICATOR_EVIDENCE)
    def get_indicator_evidence(
        self, request: views.GetUnitEvidence, context: CallContext
    ) -> views.UnitEvidence:
        return self.reporting.query(self.reporting.numbers.get_indicator_evidence, request, context)

    @operation(ops.ORDER_COUNT)
    def order_count(self, request: CountOf, context: CallContext) -> views.CountStarted:
        return self.reporting.query(self.reporting.numbers.order_count, request, context)

    @operation(ops.GET_COUNT)
    def get_count(self, request: views.GetCount, context: CallContext) -> views.CountProgress:
        return self.reporting.query(self.reporting.numbers.get_count, request, context)
