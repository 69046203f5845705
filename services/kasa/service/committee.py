"""The calls on the committee's meetings."""

from services.kasa.application import committee
from services.kasa.bootstrap import Composition
from shared.contracts.kasa.commands import calls as commands
from shared.contracts.kasa.operations import calls as ops
from shared.contracts.kasa.views import ById
from shared.contracts.kasa.views import calls as views
from shared.contracts.operations import Receipt
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Committee:
    kasa: Composition

    @operation(ops.CONVENE_MEETING)
    def convene_meeting(self, request: commands.ConveneMeeting, context: CallContext) -> Receipt:
        return self.kasa.command(committee.convene_meeting, request, context)

    @operation(ops.PROPOSE_OUTCOME)
    def propose_outcome(self, request: commands.ProposeOutcome, context: CallContext) -> Receipt:
        return self.kasa.command(committee.propose_outcome, request, context)

    @operation(ops.RECUSE)
    def recuse(self, request: commands.Recuse, context: CallContext) -> Receipt:
        return self.kasa.command(committee.recuse, request, context)

    @operation(ops.CAST_VOTE)
    def cast_vote(self, request: commands.CastVote, context: CallContext) -> Receipt:
        return self.kasa.command(committee.cast_vote, request, context)

    @operation(ops.RESOLVE_CASE)
    def resolve_case(self, request: commands.ResolveCase, context: CallContext) -> Receipt:
        return self.kasa.command(committee.resolve_case, request, context)

    @operation(ops.LIST_MEETINGS)
    def list_meetings(self, request: views.ListMeetings, context: CallContext) -> views.MeetingPage:
        return self.kasa.query(self.kasa.queries.calls.list_meetings, request, context)

    @operation(ops.GET_MEETING)
    def get_meeting(self, request: ById, context: CallContext) -> views.Meeting:
        return self.kasa.query(self.kasa.queries.calls.get_meeting, request, context)
