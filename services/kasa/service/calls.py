"""The calls on calls for applications, and on applications."""

from services.kasa.application import calls
from services.kasa.bootstrap import Composition
from shared.contracts.kasa.commands import calls as commands
from shared.contracts.kasa.operations import calls as ops
from shared.contracts.kasa.views import ById
from shared.contracts.kasa.views import calls as views
from shared.contracts.operations import Receipt
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Calls:
    kasa: Composition

    @operation(ops.OPEN_CALL)
    def open_call(self, request: commands.OpenCall, context: CallContext) -> Receipt:
        return self.kasa.command(calls.open_call, request, context)

    @operation(ops.CLOSE_CALL)
    def close_call(self, request: commands.CloseCall, context: CallContext) -> Receipt:
        return self.kasa.command(calls.close_call, request, context)

    @operation(ops.DRAFT_APPLICATION)
    def draft_application(
        self, request: commands.DraftApplication, context: CallContext
    ) -> Receipt:
        return self.kasa.command(calls.draft_application, request, context)

    @operation(ops.REVISE_APPLICATION)
    def revise_application(
        self, request: commands.ReviseApplication, context: CallContext
    ) -> Receipt:
        return self.kasa.command(calls.revise_application, request, context)

    @operation(ops.SUBMIT_APPLICATION)
    def submit_application(
        self, request: commands.SubmitApplication, context: CallContext
    ) -> Receipt:
        return self.kasa.command(calls.submit_application, request, context)

    @operation(ops.WITHDRAW_APPLICATION)
    def withdraw_application(
        self, request: commands.WithdrawApplication, context: CallContext
    ) -> Receipt:
        return self.kasa.command(calls.withdraw_application, request, context)

    @operation(ops.CHECK_APPLICATION)
    def check_application(
        self, request: commands.CheckApplication, context: CallContext
    ) -> Receipt:
        return self.kasa.command(calls.check_application, request, context)

    @operation(ops.COUNT_CERTIFICATE)
    def count_certificate(
        self, request: commands.CountCertificate, context: CallContext
    ) -> Receipt:
        return self.kasa.command(calls.count_certificate, request, context)

    @operation(ops.ASSIGN_REVIEWER)
    def assign_reviewer(self, request: commands.AssignReviewer, context: CallContext) -> Receipt:
        return self.kasa.command(calls.assign_reviewer, request, context)

    @operation(ops.DECLARE_INTEREST)
    def declare_interest(self, request: commands.DeclareInterest, context: CallContext) -> Receipt:
        return self.kasa.command(calls.declare_interest, request, context)

    @operation(ops.REVIEW_APPLICATION)
    def review_application(
        self, request: commands.ReviewApplication, context: CallContext
    ) -> Receipt:
        return self.kasa.command(calls.review_application, request, context)

    @operation(ops.LIST_CALLS)
    def list_calls(self, request: views.ListCalls, context: CallContext) -> views.CallPage:
        return self.kasa.query(self.kasa.queries.calls.list_calls, request, context)

    @operation(ops.GET_CALL)
    def get_call(self, request: ById, context: CallContext) -> views.CallCard:
        return self.kasa.query(self.kasa.queries.calls.get_call, request, context)

    @operation(ops.LIST_APPLICATIONS)
    def list_applications(
        self, request: views.ListApplications, context: CallContext
    ) -> views.ApplicationPage:
        return self.kasa.query(self.kasa.queries.calls.list_applications, request, context)

    @operation(ops.GET_APPLICATION)
    def get_application(self, request: ById, context: CallContext) -> views.Application:
        return self.kasa.query(self.kasa.queries.calls.get_application, request, context)

    @operation(ops.GET_APPLICATION_VERSION)
    def get_application_version(
        self, request: views.GetApplicationVersion, context: CallContext
    ) -> views.ApplicationVersion:
        return self.kasa.query(self.kasa.queries.calls.get_application_version, request, context)
