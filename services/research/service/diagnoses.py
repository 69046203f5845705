"""The calls on diagnoses."""

from services.research.application import diagnoses
from services.research.bootstrap import Composition
from shared.contracts.jobs import JobStarted
from shared.contracts.operations import Receipt
from shared.contracts.research.commands import diagnoses as commands
from shared.contracts.research.operations import diagnoses as ops
from shared.contracts.research.views import ById
from shared.contracts.research.views import diagnoses as views
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Diagnoses:
    research: Composition

    @operation(ops.COMPOSE_DIAGNOSIS)
    def compose_diagnosis(
        self, request: commands.ComposeDiagnosis, context: CallContext
    ) -> Receipt:
        return self.research.command(diagnoses.compose_diagnosis, request, context)

    @operation(ops.APPROVE_DIAGNOSIS)
    def approve_diagnosis(
        self, request: commands.ApproveDiagnosis, context: CallContext
    ) -> Receipt:
        return self.research.command(diagnoses.approve_diagnosis, request, context)

    @operation(ops.PUBLISH_DIAGNOSIS)
    def publish_diagnosis(
        self, request: commands.PublishDiagnosis, context: CallContext
    ) -> JobStarted:
        return self.research.query(self.research.publishing.publish_diagnosis, request, context)

    @operation(ops.GET_DIAGNOSIS_PUBLICATION)
    def get_diagnosis_publication(
        self, request: ById, context: CallContext
    ) -> views.DiagnosisPublication:
        return self.research.query(
            self.research.publishing.get_diagnosis_publication, request, context
        )

    @operation(ops.LIST_DIAGNOSES)
    def list_diagnoses(
        self, request: views.ListDiagnoses, context: CallContext
    ) -> views.DiagnosisPage:
        return self.research.query(self.research.queries.diagnoses.list_diagnoses, request, context)

    @operation(ops.GET_DIAGNOSIS)
    def get_diagnosis(self, request: ById, context: CallContext) -> views.Diagnosis:
        return self.research.query(self.research.queries.diagnoses.get_diagnosis, request, context)

    @operation(ops.GET_DIAGNOSIS_NEEDS)
    def get_diagnosis_needs(
        self, request: views.GetNeeds, context: CallContext
    ) -> views.DiagnosisNeeds:
        return self.research.query(
            self.research.queries.diagnoses.get_diagnosis_needs, request, context
        )

    @operation(ops.LIST_PUBLISHED_DIAGNOSES)
    def list_published_diagnoses(
        self, request: views.ListPublishedDiagnoses, context: CallContext
    ) -> views.DiagnosisPage:
        return self.research.query(
            self.research.queries.diagnoses.list_published_diagnoses, request, context
        )

    @operation(ops.GET_PUBLISHED_DIAGNOSIS)
    def get_published_diagnosis(
        self, request: ById, context: CallContext
    ) -> views.PublishedDiagnosis:
        return self.research.query(
            self.research.queries.diagnoses.get_published_diagnosis, request, context
        )

    @operation(ops.GET_PUBLISHED_NEEDS)
    def get_published_needs(
        self, request: views.GetNeeds, context: CallContext
    ) -> views.DiagnosisNeeds:
        return self.research.query(
            self.research.queries.diagnoses.get_published_needs, request, context
        )

    @operation(ops.FETCH_PUBLISHED_FILE)
    def fetch_published_file(
        self, request: views.FetchPublishedFile, context: CallContext
    ) -> views.DiagnosisFile:
        return self.research.query(
            self.research.queries.diagnoses.fetch_published_file, request, context
        )
