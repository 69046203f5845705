"""Calls of those who answer: the token on the invitation, or the code, is all they have.

They reply with the next page, so they are asked as queries are; each step is a command of its own.
"""

from shared.contracts.operations import Effect, Operation, ReplyT, RequestT
from shared.contracts.research.views import webforms as views


def _open(name: str, request: type[RequestT], reply: type[ReplyT]) -> Operation[RequestT, ReplyT]:
    return Operation("research", name, Effect.QUERY, request, reply, frozenset(), open=True)


GET_WEB_FORM = _open("get_web_form", views.GetWebForm, views.WebForm)
ANSWER_WEB_FORM = _open("answer_web_form", views.AnswerWebForm, views.WebForm)
WITHDRAW_RESPONSE = _open("withdraw_response", views.WithdrawResponse, views.Withdrawal)
