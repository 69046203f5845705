"""The registry on the wire: one line per operation."""

from services.registry.application import Registry, erasure, reviewing
from services.registry.application.results import decide_result
from services.registry.bootstrap import Composition, compose
from shared.contracts.jobs import JobStarted
from shared.contracts.operations import FeedPage, FeedRequest, NoRequest, Receipt
from shared.contracts.registry import commands, keeping, views
from shared.contracts.registry import operations as ops
from shared.messaging.calls import CallContext
from shared.messaging.consuming import reactions
from shared.messaging.reactions import Reactions
from shared.messaging.rpc import feed, operation
from shared.runtime.composed import Composed


class Service:
    name = "registry"
    registry: Composition = Composed(compose)

    @operation(ops.REGISTER_PARTICIPANT)
    def register_participant(
        self, request: commands.RegisterParticipant, context: CallContext
    ) -> Receipt:
        return self.registry.command(Registry.register_participant, request, context)

    @operation(ops.UPDATE_PARTICIPANT)
    def update_participant(
        self, request: commands.UpdateParticipant, context: CallContext
    ) -> Receipt:
        return self.registry.command(Registry.update_participant, request, context)

    @operation(ops.SCORE_APPLICATION)
    def score_application(
        self, request: commands.ScoreApplication, context: CallContext
    ) -> Receipt:
        return self.registry.command(Registry.score_application, request, context)

    @operation(ops.DECIDE_RECRUITMENT)
    def decide_recruitment(
        self, request: commands.DecideRecruitment, context: CallContext
    ) -> Receipt:
        return self.registry.command(Registry.decide_recruitment, request, context)

    @operation(ops.ENROL_PARTICIPANT)
    def enrol_participant(
        self, request: commands.EnrolParticipant, context: CallContext
    ) -> Receipt:
        return self.registry.command(Registry.enrol_participant, request, context)

    @operation(ops.SUSPEND_PARTICIPANT)
    def suspend_participant(
        self, request: commands.SuspendParticipant, context: CallContext
    ) -> Receipt:
        return self.registry.command(Registry.suspend_participant, request, context)

    @operation(ops.RESUME_PARTICIPANT)
    def resume_participant(
        self, request: commands.ResumeParticipant, context: CallContext
    ) -> Receipt:
        return self.registry.command(Registry.resume_participant, request, context)

    @operation(ops.EXIT_PARTICIPANT)
    def exit_participant(self, request: commands.ExitParticipant, context: CallContext) -> Receipt:
        return self.registry.command(Registry.exit_participant, request, context)

    @operation(ops.RECORD_OUTCOME)
    def record_outcome(self, request: commands.RecordOutcome, context: CallContext) -> Receipt:
        return self.registry.command(Registry.record_outcome, request, context)

    @operation(ops.RECORD_FOLLOW_UP)
    def record_follow_up(self, request: commands.RecordFollowUp, context: CallContext) -> Receipt:
        return self.registry.command(Registry.record_follow_up, request, context)

    @operation(ops.RE_ENTER_PARTICIPANT)
    def re_enter_participant(
        self, request: commands.ReEnterParticipant, context: CallContext
    ) -> Receipt:
        return self.registry.command(Registry.re_enter_participant, request, context)

    @operation(ops.GIVE_CONSENT)
    def give_consent(self, request: commands.GiveConsent, context: CallContext) -> Receipt:
        return self.registry.command(Registry.give_consent, request, context)

    @operation(ops.WITHDRAW_CONSENT)
    def withdraw_consent(self, request: commands.WithdrawConsent, context: CallContext) -> Receipt:
        return self.registry.command(Registry.withdraw_consent, request, context)

    @operation(ops.REQUEST_CORRECTION)
    def request_correction(
        self, request: commands.RequestCorrection, context: CallContext
    ) -> Receipt:
        return self.registry.command(Registry.request_correction, request, context)

    @operation(ops.REQUEST_STEP_CORRECTION)
    def request_step_correction(
        self, request: commands.RequestStepCorrection, context: CallContext
    ) -> Receipt:
        return self.registry.command(Registry.request_step_correction, request, context)

    @operation(ops.DECIDE_CORRECTION)
    def decide_correction(
        self, request: commands.DecideCorrection, context: CallContext
    ) -> Receipt:
        return self.registry.command(Registry.decide_correction, request, context)

    @operation(ops.DECIDE_RESULT)
    def decide_result(self, request: commands.DecideResult, context: CallContext) -> Receipt:
        return self.registry.command(decide_result, request, context)

    @operation(ops.DISMISS_DUPLICATE)
    def dismiss_duplicate(
        self, request: commands.DismissDuplicate, context: CallContext
    ) -> Receipt:
        return self.registry.command(Registry.dismiss_duplicate, request, context)

    @operation(ops.MERGE_DUPLICATE)
    def merge_duplicate(self, request: commands.MergeDuplicate, context: CallContext) -> Receipt:
        return self.registry.command(Registry.merge_duplicate, request, context)

    @operation(ops.UNDO_MERGE)
    def undo_merge(self, request: commands.UndoMerge, context: CallContext) -> Receipt:
        return self.registry.command(Registry.undo_merge, request, context)

    @operation(ops.PLACE_HOLD)
    def place_hold(self, request: commands.PlaceHold, context: CallContext) -> Receipt:
        return self.registry.command(erasure.place_hold, request, context)

    @operation(ops.LIFT_HOLD)
    def lift_hold(self, request: commands.LiftHold, context: CallContext) -> Receipt:
        return self.registry.command(erasure.lift_hold, request, context)

    @operation(ops.REQUEST_ERASURE)
    def request_erasure(self, request: commands.RequestErasure, context: CallContext) -> Receipt:
        return self.registry.command(erasure.request_erasure, request, context)

    @operation(ops.DECIDE_ERASURE)
    def decide_erasure(self, request: commands.DecideErasure, context: CallContext) -> Receipt:
        return self.registry.command(erasure.decide_erasure, request, context)

    @operation(ops.GET_PARTICIPANT)
    def get_participant(self, request: views.ById, context: CallContext) -> views.Participant:
        return self.registry.query(self.registry.queries.get_participant, request, context)

    @operation(ops.LIST_PARTICIPANTS)
    def list_participants(
        self, request: views.ListParticipants, context: CallContext
    ) -> views.ParticipantPage:
        return self.registry.query(self.registry.queries.list_participants, request, context)

    @operation(ops.SEARCH_PARTICIPANTS)
    def search_participants(
        self, request: views.SearchParticipants, context: CallContext
    ) -> views.ParticipantPage:
        return self.registry.query(self.registry.queries.search_participants, request, context)

    @operation(ops.NAME_PARTICIPANTS)
    def name_participants(
        self, request: views.NameParticipants, context: CallContext
    ) -> views.ParticipantNames:
        return self.registry.query(self.registry.queries.name_participants, request, context)

    @operation(ops.GET_TIMELINE)
    def get_timeline(self, request: views.ById, context: CallContext) -> views.Timeline:
        return self.registry.query(self.registry.queries.get_timeline, request, context)

    @operation(ops.LIST_CORRECTIONS)
    def list_corrections(
        self, request: views.ListCorrections, context: CallContext
    ) -> views.CorrectionList:
        return self.registry.query(self.registry.queries.list_corrections, request, context)

    @operation(ops.LIST_DUPLICATES)
    def list_duplicates(
        self, request: views.ListDuplicates, context: CallContext
    ) -> views.DuplicateList:
        return self.registry.query(self.registry.queries.list_duplicates, request, context)

    @operation(ops.GET_DUPLICATE)
    def get_duplicate(self, request: views.ById, context: CallContext) -> views.DuplicateCase:
        return self.registry.query(self.registry.queries.get_duplicate, request, context)

    @operation(ops.REVIEW_ACCESS)
    def review_access(self, request: commands.ReviewAccess, context: CallContext) -> Receipt:
        return self.registry.command(reviewing.review_access, request, context)

    @operation(ops.LIST_ACCESSES)
    def list_accesses(
        self, request: keeping.ListAccesses, context: CallContext
    ) -> keeping.AccessReport:
        return self.registry.query(self.registry.queries.reads.list_accesses, request, context)

    @operation(ops.DISCLOSE_FIELD)
    def disclose_field(
        self, request: keeping.DiscloseField, context: CallContext
    ) -> keeping.Disclosure:
        return self.registry.query(
            self.registry.queries.disclosing.disclose_field, request, context
        )

    @operation(ops.GET_RETENTION)
    def get_retention(self, request: views.ById, context: CallContext) -> keeping.Retention:
        return self.registry.query(self.registry.queries.retention.get_retention, request, context)

    @operation(ops.LIST_ERASURES)
    def list_erasures(
        self, request: keeping.ListErasures, context: CallContext
    ) -> keeping.ErasureList:
        return self.registry.query(self.registry.queries.retention.list_erasures, request, context)

    @operation(ops.LIST_TASKS)
    def list_tasks(self, request: views.ListTasks, context: CallContext) -> views.TaskList:
        return self.registry.query(self.registry.queries.list_tasks, request, context)

    @operation(ops.GET_DASHBOARD)
    def get_dashboard(self, request: NoRequest, context: CallContext) -> views.Dashboard:
        return self.registry.query(self.registry.queries.get_dashboard, request, context)

    @operation(ops.START_IMPORT)
    def start_import(self, request: commands.StartImport, context: CallContext) -> JobStarted:
        return self.registry.query(self.registry.imports.start_import, request, context)

    @operation(ops.GET_IMPORT_TEMPLATE)
    def get_import_template(self, request: NoRequest, context: CallContext) -> views.ImportTemplate:
        return self.registry.query(self.registry.imports.get_import_template, request, context)

    @operation(ops.GET_IMPORT)
    def get_import(self, request: views.ById, context: CallContext) -> views.ImportJob:
        return self.registry.query(self.registry.imports.get_import, request, context)

    @reactions
    def from_training(self) -> Reactions:
        return self.registry.to_training

    @reactions
    def from_research(self) -> Reactions:
        return self.registry.to_research

    @reactions
    def from_kasa(self) -> Reactions:
        return self.registry.to_kasa

    @reactions
    def from_reporting(self) -> Reactions:
        return self.registry.to_reporting

    @feed
    def feed(self, request: FeedRequest) -> FeedPage:
        return self.registry.publication.page(request)
