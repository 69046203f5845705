"""The calls on enterprises."""

from services.kasa.application import enterprises
from services.kasa.bootstrap import Composition
from shared.contracts.kasa.commands import enterprises as commands
from shared.contracts.kasa.operations import enterprises as ops
from shared.contracts.kasa.views import ById
from shared.contracts.kasa.views import enterprises as views
from shared.contracts.operations import Receipt
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Enterprises:
    kasa: Composition

    @operation(ops.REGISTER_ENTERPRISE)
    def register_enterprise(
        self, request: commands.RegisterEnterprise, context: CallContext
    ) -> Receipt:
        return self.kasa.command(enterprises.register_enterprise, request, context)

    @operation(ops.SET_IDENTIFIERS)
    def set_identifiers(self, request: commands.SetIdentifiers, context: CallContext) -> Receipt:
        return self.kasa.command(enterprises.set_identifiers, request, context)

    @operation(ops.ADD_FOUNDER)
    def add_founder(self, request: commands.AddFounder, context: CallContext) -> Receipt:
        return self.kasa.command(enterprises.add_founder, request, context)

    @operation(ops.REMOVE_FOUNDER)
    def remove_founder(self, request: commands.RemoveFounder, context: CallContext) -> Receipt:
        return self.kasa.command(enterprises.remove_founder, request, context)

    @operation(ops.FOUND_ENTERPRISE)
    def found_enterprise(self, request: commands.FoundEnterprise, context: CallContext) -> Receipt:
        return self.kasa.command(enterprises.found_enterprise, request, context)

    @operation(ops.ADMIT_MEMBER)
    def admit_member(self, request: commands.AdmitMember, context: CallContext) -> Receipt:
        return self.kasa.command(enterprises.admit_member, request, context)

    @operation(ops.RECORD_MEMBER_LEFT)
    def record_member_left(
        self, request: commands.RecordMemberLeft, context: CallContext
    ) -> Receipt:
        return self.kasa.command(enterprises.record_member_left, request, context)

    @operation(ops.CREATE_JOB_PLACE)
    def create_job_place(self, request: commands.CreateJobPlace, context: CallContext) -> Receipt:
        return self.kasa.command(enterprises.create_job_place, request, context)

    @operation(ops.LOSE_JOB_PLACE)
    def lose_job_place(self, request: commands.LoseJobPlace, context: CallContext) -> Receipt:
        return self.kasa.command(enterprises.lose_job_place, request, context)

    @operation(ops.GRANT_STATUS)
    def grant_status(self, request: commands.GrantStatus, context: CallContext) -> Receipt:
        return self.kasa.command(enterprises.grant_status, request, context)

    @operation(ops.WITHDRAW_STATUS)
    def withdraw_status(self, request: commands.WithdrawStatus, context: CallContext) -> Receipt:
        return self.kasa.command(enterprises.withdraw_status, request, context)

    @operation(ops.CLOSE_ENTERPRISE)
    def close_enterprise(self, request: commands.CloseEnterprise, context: CallContext) -> Receipt:
        return self.kasa.command(enterprises.close_enterprise, request, context)

    @operation(ops.LIST_ENTERPRISES)
    def list_enterprises(
        self, request: views.ListEnterprises, context: CallContext
    ) -> views.EnterprisePage:
        return self.kasa.query(self.kasa.queries.enterprises.list_enterprises, request, context)

    @operation(ops.GET_ENTERPRISE)
    def get_enterprise(self, request: ById, context: CallContext) -> views.Enterprise:
        return self.kasa.query(self.kasa.queries.enterprises.get_enterprise, request, context)

    @operation(ops.CHECK_FOUNDING)
    def check_founding(self, request: views.CheckFounding, context: CallContext) -> views.Founding:
        return self.kasa.query(self.kasa.queries.enterprises.check_founding, request, context)

    @operation(ops.LIST_DUTIES)
    def list_duties(self, request: views.ListDuties, context: CallContext) -> views.DutyList:
        return self.kasa.query(self.kasa.queries.enterprises.list_duties, request, context)
