"""The calls on studies and their waves."""

from services.research.application import anonymising, studies
from services.research.bootstrap import Composition
from shared.contracts.jobs import JobStarted
from shared.contracts.operations import NoRequest, Receipt
from shared.contracts.research.commands import studies as commands
from shared.contracts.research.operations import studies as ops
from shared.contracts.research.views import ById
from shared.contracts.research.views import studies as views
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Studies:
    research: Composition

    @operation(ops.PLAN_STUDY)
    def plan_study(self, request: commands.PlanStudy, context: CallContext) -> Receipt:
        return self.research.command(studies.plan_study, request, context)

    @operation(ops.REVISE_STUDY)
    def revise_study(self, request: commands.ReviseStudy, context: CallContext) -> Receipt:
        return self.research.command(studies.revise_study, request, context)

    @operation(ops.REVIEW_STUDY_ETHICS)
    def review_study_ethics(
        self, request: commands.ReviewStudyEthics, context: CallContext
    ) -> Receipt:
        return self.research.command(studies.review_study_ethics, request, context)

    @operation(ops.OPEN_STUDY)
    def open_study(self, request: commands.OpenStudy, context: CallContext) -> Receipt:
        return self.research.command(studies.open_study, request, context)

    @operation(ops.PLAN_WAVE)
    def plan_wave(self, request: commands.PlanWave, context: CallContext) -> Receipt:
        return self.research.command(studies.plan_wave, request, context)

    @operation(ops.OPEN_WAVE)
    def open_wave(self, request: commands.OpenWave, context: CallContext) -> Receipt:
        return self.research.command(studies.open_wave, request, context)

    @operation(ops.CLOSE_WAVE)
    def close_wave(self, request: commands.CloseWave, context: CallContext) -> Receipt:
        return self.research.command(studies.close_wave, request, context)

    @operation(ops.PROPOSE_WAVE_ANONYMISATION)
    def propose_wave_anonymisation(
        self, request: commands.ProposeWaveAnonymisation, context: CallContext
    ) -> Receipt:
        return self.research.command(anonymising.propose_wave_anonymisation, request, context)

    @operation(ops.ANONYMISE_WAVE)
    def anonymise_wave(self, request: commands.AnonymiseWave, context: CallContext) -> JobStarted:
        return self.research.query(self.research.anonymisations.anonymise_wave, request, context)

    @operation(ops.GET_WAVE_ANONYMISATION)
    def get_wave_anonymisation(
        self, request: ById, context: CallContext
    ) -> views.WaveAnonymisation:
        return self.research.query(
            self.research.anonymisations.get_wave_anonymisation, request, context
        )

    @operation(ops.CONCLUDE_STUDY)
    def conclude_study(self, request: commands.ConcludeStudy, context: CallContext) -> Receipt:
        return self.research.command(studies.conclude_study, request, context)

    @operation(ops.LIST_STUDIES)
    def list_studies(self, request: views.ListStudies, context: CallContext) -> views.StudyPage:
        return self.research.query(self.research.queries.studies.list_studies, request, context)

    @operation(ops.GET_STUDY)
    def get_study(self, request: ById, context: CallContext) -> views.Study:
        return self.research.query(self.research.queries.studies.get_study, request, context)

    @operation(ops.MY_RESEARCH_TASKS)
    def my_research_tasks(self, request: NoRequest, context: CallContext) -> views.ResearchTasks:
        return self.research.query(
            self.research.queries.studies.my_research_tasks, request, context
        )
