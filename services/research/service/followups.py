"""The calls on measurements after the exit."""

from services.research.application import followups
from services.research.bootstrap import Composition
from shared.contracts.operations import Receipt
from shared.contracts.research.commands import followups as commands
from shared.contracts.research.operations import followups as ops
from shared.contracts.research.views import ById
from shared.contracts.research.views import followups as views
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class FollowUps:
    research: Composition

    @operation(ops.ANSWER_FOLLOW_UP)
    def answer_follow_up(self, request: commands.AnswerFollowUp, context: CallContext) -> Receipt:
        return self.research.command(followups.answer_follow_up, request, context)

    @operation(ops.LIST_FOLLOW_UPS)
    def list_follow_ups(
        self, request: views.ListFollowUps, context: CallContext
    ) -> views.FollowUpPage:
        return self.research.query(
            self.research.queries.followups.list_follow_ups, request, context
        )

    @operation(ops.GET_FOLLOW_UP)
    def get_follow_up(self, request: ById, context: CallContext) -> views.FollowUp:
        return self.research.query(self.research.queries.followups.get_follow_up, request, context)
