"""The calls on cases of advice."""

from services.kasa.application import advice
from services.kasa.bootstrap import Composition
from shared.contracts.kasa.commands import advice as commands
from shared.contracts.kasa.operations import advice as ops
from shared.contracts.kasa.views import advice as views
from shared.contracts.operations import Receipt
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Advice:
    kasa: Composition

    @operation(ops.OPEN_ADVICE_CASE)
    def open_advice_case(self, request: commands.OpenAdviceCase, context: CallContext) -> Receipt:
        return self.kasa.command(advice.open_advice_case, request, context)

    @operation(ops.HOLD_CONSULTATION)
    def hold_consultation(
        self, request: commands.HoldConsultation, context: CallContext
    ) -> Receipt:
        return self.kasa.command(advice.hold_consultation, request, context)

    @operation(ops.MEET_CHECKLIST_ITEM)
    def meet_checklist_item(
        self, request: commands.MeetChecklistItem, context: CallContext
    ) -> Receipt:
        return self.kasa.command(advice.meet_checklist_item, request, context)

    @operation(ops.CLOSE_ADVICE_CASE)
    def close_advice_case(self, request: commands.CloseAdviceCase, context: CallContext) -> Receipt:
        return self.kasa.command(advice.close_advice_case, request, context)

    @operation(ops.LIST_ADVICE_CASES)
    def list_advice_cases(
        self, request: views.ListAdviceCases, context: CallContext
    ) -> views.AdviceCasePage:
        return self.kasa.query(self.kasa.queries.advice.list_advice_cases, request, context)

    @operation(ops.GET_ADVICE_CASE)
    def get_advice_case(
        self, request: views.GetAdviceCase, context: CallContext
    ) -> views.AdviceCase:
        return self.kasa.query(self.kasa.queries.advice.get_advice_case, request, context)
