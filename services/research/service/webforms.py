"""The calls of those who answer."""

from services.research.bootstrap import Composition
from shared.contracts.research.operations import webforms as ops
from shared.contracts.research.views import webforms as views
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class WebForms:
    research: Composition

    @operation(ops.GET_WEB_FORM)
    def get_web_form(self, request: views.GetWebForm, context: CallContext) -> views.WebForm:
        return self.research.query(self.research.webforms.get_web_form, request, context)

    @operation(ops.ANSWER_WEB_FORM)
    def answer_web_form(self, request: views.AnswerWebForm, context: CallContext) -> views.WebForm:
        return self.research.query(self.research.webforms.answer_web_form, request, context)

    @operation(ops.WITHDRAW_RESPONSE)
    def withdraw_response(
        self, request: views.WithdrawResponse, context: CallContext
    ) -> views.Withdrawal:
        return self.research.query(self.research.webforms.withdraw_response, request, context)
