"""Training on the wire: one line per operation."""

from services.training.application import (
    attendance,
    certificates,
    editions,
    outcomes,
    programmes,
    roster,
    timetables,
)
from services.training.bootstrap import Composition, compose
from shared.contracts.jobs import JobStarted
from shared.contracts.operations import FeedPage, FeedRequest, Receipt
from shared.contracts.training import commands, views
from shared.contracts.training import operations as ops
from shared.messaging.calls import CallContext
from shared.messaging.consuming import reactions
from shared.messaging.reactions import Reactions
from shared.messaging.rpc import feed, operation
from shared.runtime.composed import Composed


class Service:
    name = "training"
    training: Composition = Composed(compose)

    @operation(ops.OPEN_PROGRAMME)
    def open_programme(self, request: commands.OpenProgramme, context: CallContext) -> Receipt:
        return self.training.command(programmes.open_programme, request, context)

    @operation(ops.REVISE_PROGRAMME)
    def revise_programme(self, request: commands.ReviseProgramme, context: CallContext) -> Receipt:
        return self.training.command(programmes.revise_programme, request, context)

    @operation(ops.WITHDRAW_PROGRAMME)
    def withdraw_programme(
        self, request: commands.WithdrawProgramme, context: CallContext
    ) -> Receipt:
        return self.training.command(programmes.withdraw_programme, request, context)

    @operation(ops.OPEN_EDITION)
    def open_edition(self, request: commands.OpenEdition, context: CallContext) -> Receipt:
        return self.training.command(editions.open_edition, request, context)

    @operation(ops.CONTRACT_TRAINER)
    def contract_trainer(self, request: commands.ContractTrainer, context: CallContext) -> Receipt:
        return self.training.command(editions.contract_trainer, request, context)

    @operation(ops.SET_TIMETABLE)
    def set_timetable(self, request: commands.SetTimetable, context: CallContext) -> Receipt:
        return self.training.command(timetables.set_timetable, request, context)

    @operation(ops.ENROL_ON_EDITION)
    def enrol_on_edition(self, request: commands.EnrolOnEdition, context: CallContext) -> Receipt:
        return self.training.command(roster.enrol_on_edition, request, context)

    @operation(ops.SUBSTITUTE)
    def substitute(self, request: commands.Substitute, context: CallContext) -> Receipt:
        return self.training.command(roster.substitute, request, context)

    @operation(ops.END_ENROLMENT)
    def end_enrolment(self, request: commands.EndEnrolment, context: CallContext) -> Receipt:
        return self.training.command(roster.end_enrolment, request, context)

    @operation(ops.CLOSE_EDITION)
    def close_edition(self, request: commands.CloseEdition, context: CallContext) -> Receipt:
        return self.training.command(outcomes.close_edition, request, context)

    @operation(ops.MARK_ATTENDANCE)
    def mark_attendance(self, request: commands.MarkAttendance, context: CallContext) -> Receipt:
        return self.training.command(attendance.mark_attendance, request, context)

    @operation(ops.SETTLE_ATTENDANCE)
    def settle_attendance(
        self, request: commands.SettleAttendance, context: CallContext
    ) -> Receipt:
        return self.training.command(attendance.settle_attendance, request, context)

    @operation(ops.REQUEST_ATTENDANCE_CORRECTION)
    def request_attendance_correction(
        self, request: commands.RequestAttendanceCorrection, context: CallContext
    ) -> Receipt:
        return self.training.command(attendance.request_attendance_correction, request, context)

    @operation(ops.DECIDE_ATTENDANCE_CORRECTION)
    def decide_attendance_correction(
        self, request: commands.DecideAttendanceCorrection, context: CallContext
    ) -> Receipt:
        return self.training.command(attendance.decide_attendance_correction, request, context)

    @operation(ops.RECORD_TEST)
    def record_test(self, request: commands.RecordTest, context: CallContext) -> Receipt:
        return self.training.command(outcomes.record_test, request, context)

    @operation(ops.RECORD_COMPETENCE_STAGE)
    def record_competence_stage(
        self, request: commands.RecordCompetenceStage, context: CallContext
    ) -> Receipt:
        return self.training.command(outcomes.record_competence_stage, request, context)

    @operation(ops.RECORD_QUALIFICATION)
    def record_qualification(
        self, request: commands.RecordQualification, context: CallContext
    ) -> Receipt:
        return self.training.command(outcomes.record_qualification, request, context)

    @operation(ops.RECORD_EVALUATION)
    def record_evaluation(
        self, request: commands.RecordEvaluation, context: CallContext
    ) -> Receipt:
        return self.training.command(outcomes.record_evaluation, request, context)

    @operation(ops.REVOKE_CERTIFICATE)
    def revoke_certificate(
        self, request: commands.RevokeCertificate, context: CallContext
    ) -> Receipt:
        return self.training.command(certificates.revoke_certificate, request, context)

    @operation(ops.LIST_PROGRAMMES)
    def list_programmes(
        self, request: views.ListProgrammes, context: CallContext
    ) -> views.ProgrammePage:
        return self.training.query(
            self.training.queries.programmes.list_programmes, request, context
        )

    @operation(ops.GET_PROGRAMME)
    def get_programme(self, request: views.ById, context: CallContext) -> views.Programme:
        return self.training.query(self.training.queries.programmes.get_programme, request, context)

    @operation(ops.LIST_EDITIONS)
    def list_editions(self, request: views.ListEditions, context: CallContext) -> views.EditionPage:
        return self.training.query(self.training.queries.editions.list_editions, request, context)

    @operation(ops.GET_EDITION)
    def get_edition(self, request: views.ById, context: CallContext) -> views.Edition:
        return self.training.query(self.training.queries.editions.get_edition, request, context)

    @operation(ops.GET_TIMETABLES)
    def get_timetables(self, request: views.ById, context: CallContext) -> views.Timetables:
        return self.training.query(
            self.training.queries.timetables.get_timetables, request, context
        )

    @operation(ops.LIST_SESSIONS)
    def list_sessions(self, request: views.ListSessions, context: CallContext) -> views.SessionList:
        return self.training.query(self.training.queries.sessions.list_sessions, request, context)

    @operation(ops.GET_SESSION)
    def get_session(self, request: views.ById, context: CallContext) -> views.SessionSheet:
        return self.training.query(self.training.queries.attendance.get_session, request, context)

    @operation(ops.GET_TODAY)
    def get_today(self, request: views.ListToday, context: CallContext) -> views.Today:
        return self.training.query(self.training.queries.attendance.get_today, request, context)

    @operation(ops.LIST_ATTENDANCE_CORRECTIONS)
    def list_attendance_corrections(
        self, request: views.ListAttendanceCorrections, context: CallContext
    ) -> views.AttendanceCorrectionList:
        return self.training.query(
            self.training.queries.attendance.list_attendance_corrections, request, context
        )

    @operation(ops.GET_PARTICIPATION)
    def get_participation(
        self, request: views.GetParticipation, context: CallContext
    ) -> views.Participation:
        return self.training.query(
            self.training.queries.participations.get_participation, request, context
        )

    @operation(ops.LIST_WARNINGS)
    def list_warnings(self, request: views.ListWarnings, context: CallContext) -> views.WarningList:
        return self.training.query(
            self.training.queries.participations.list_warnings, request, context
        )

    @operation(ops.LIST_CERTIFICATES)
    def list_certificates(
        self, request: views.ListCertificates, context: CallContext
    ) -> views.CertificatePage:
        return self.training.query(
            self.training.queries.certificates.list_certificates, request, context
        )

    @operation(ops.GET_CERTIFICATE)
    def get_certificate(self, request: views.ById, context: CallContext) -> views.Certificate:
        return self.training.query(
            self.training.queries.certificates.get_certificate, request, context
        )

    @operation(ops.VERIFY_CERTIFICATE)
    def verify_certificate(
        self, request: views.VerifyCertificate, context: CallContext
    ) -> views.Verification:
        return self.training.query(
            self.training.queries.certificates.verify_certificate, request, context
        )

    @operation(ops.RENDER_CERTIFICATE)
    def render_certificate(self, request: views.ById, context: CallContext) -> views.Document:
        return self.training.query(
            self.training.queries.certificates.render_certificate, request, context
        )

    @operation(ops.RENDER_SIGN_IN_LIST)
    def render_sign_in_list(
        self, request: commands.RenderSignInList, context: CallContext
    ) -> views.Document:
        return self.training.query(
            self.training.queries.documents.render_sign_in_list, request, context
        )

    @operation(ops.EXPORT_ATTENDANCE)
    def export_attendance(
        self, request: commands.ExportAttendance, context: CallContext
    ) -> views.Document:
        return self.training.query(
            self.training.queries.documents.export_attendance, request, context
        )

    @operation(ops.ISSUE_CERTIFICATES)
    def issue_certificates(
        self, request: commands.IssueCertificates, context: CallContext
    ) -> JobStarted:
        return self.training.query(self.training.issues.issue_certificates, request, context)

    @operation(ops.GET_ISSUE)
    def get_issue(self, request: views.ById, context: CallContext) -> views.IssueJob:
        return self.training.query(self.training.issues.get_issue, request, context)

    @operation(ops.IMPORT_ATTENDANCE)
    def import_attendance(
        self, request: commands.ImportAttendance, context: CallContext
    ) -> JobStarted:
        return self.training.query(self.training.imports.import_attendance, request, context)

    @operation(ops.GET_ATTENDANCE_IMPORT)
    def get_attendance_import(
        self, request: views.ById, context: CallContext
    ) -> views.AttendanceImportJob:
        return self.training.query(self.training.imports.get_attendance_import, request, context)

    @reactions
    def from_registry(self) -> Reactions:
        return self.training.to_registry

    @feed
    def feed(self, request: FeedRequest) -> FeedPage:
        return self.training.publication.page(request)
