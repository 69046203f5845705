"""The calls on invitations."""

from services.research.application import invitations
from services.research.bootstrap import Composition
from shared.contracts.jobs import JobStarted
from shared.contracts.operations import Receipt
from shared.contracts.research.commands import invitations as commands
from shared.contracts.research.operations import invitations as ops
from shared.contracts.research.views import ById
from shared.contracts.research.views import invitations as views
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Invitations:
    research: Composition

    @operation(ops.ISSUE_INVITATIONS)
    def issue_invitations(
        self, request: commands.IssueInvitations, context: CallContext
    ) -> JobStarted:
        return self.research.query(self.research.inviting.issue_invitations, request, context)

    @operation(ops.GET_INVITATION_ISSUE)
    def get_invitation_issue(self, request: ById, context: CallContext) -> views.InvitationIssue:
        return self.research.query(self.research.inviting.get_invitation_issue, request, context)

    @operation(ops.GET_INVITATION_DOCUMENT)
    def get_invitation_document(
        self, request: views.GetInvitationDocument, context: CallContext
    ) -> views.InvitationDocument:
        return self.research.query(self.research.inviting.get_invitation_document, request, context)

    @operation(ops.RECORD_REMINDER)
    def record_reminder(self, request: commands.RecordReminder, context: CallContext) -> Receipt:
        return self.research.command(invitations.record_reminder, request, context)

    @operation(ops.DECLINE_INVITATION)
    def decline_invitation(
        self, request: commands.DeclineInvitation, context: CallContext
    ) -> Receipt:
        return self.research.command(invitations.decline_invitation, request, context)

    @operation(ops.GET_RESPONSE_RATES)
    def get_response_rates(self, request: ById, context: CallContext) -> views.ResponseRates:
        return self.research.query(
            self.research.queries.invitations.get_response_rates, request, context
        )
