"""Diagnoses: all of them for those who make them, published ones for anybody."""

from typing import Any, Final

from services.research.queries.reading import Reading
from shared.contracts.research.views import ById
from shared.contracts.research.views import diagnoses as views
from shared.contracts.research.vocabulary.diagnoses import CommuneNeed, DiagnosisState
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.messaging.wire import fitting
from shared.runtime.documents import existing, facts_for
from shared.runtime.paging import Place
from shared.runtime.views import Document

OUT: Final[Document] = {
    "state": {"$in": [DiagnosisState.PUBLISHED.value, DiagnosisState.SUPERSEDED.value]}
}
"""What has been let out stays readable."""


class Diagnoses:
    def __init__(self, reading: Reading) -> None:
        self._diagnoses = reading.views["diagnoses"]

    def list_diagnoses(self, request: views.ListDiagnoses, _act: Act) -> views.DiagnosisPage:
        state: Document = {} if request.state is None else {"state": request.state.value}
        return self._page(request, state)

    def list_published_diagnoses(
        self, request: views.ListPublishedDiagnoses, _act: Act
    ) -> views.DiagnosisPage:
        return self._page(request, OUT)

    def get_diagnosis(self, request: ById, _act: Act) -> views.Diagnosis:
        document = existing(self._diagnoses, request.id)
        return views.Diagnosis.model_validate(facts_for(document, views.Diagnosis))

    def get_published_diagnosis(self, request: ById, _act: Act) -> views.PublishedDiagnosis:
        document = existing(self._diagnoses, request.id, OUT)
        return views.PublishedDiagnosis.model_validate(
            facts_for(document, views.PublishedDiagnosis)
        )

    def get_diagnosis_needs(self, request: views.GetNeeds, _act: Act) -> views.DiagnosisNeeds:
        return _needs(existing(self._diagnoses, request.diagnosis_id), request)

    def get_published_needs(self, request: views.GetNeeds, _act: Act) -> views.DiagnosisNeeds:
        return _needs(existing(self._diagnoses, request.diagnosis_id, OUT), request)

    def fetch_published_file(
        self, request: views.FetchPublishedFile, _act: Act
    ) -> views.DiagnosisFile:
        document = existing(self._diagnoses, request.diagnosis_id, OUT)
        for each in document["files"]:
            if each["name"] == request.name:
                return views.DiagnosisFile(
                    file_id=document["kept"][request.name],
                    filename=request.name,
                    media_type=each["media_type"],
                )
        raise Rejected("not_found", {"name": request.name})

    def _page(
        self, request: views.ListDiagnoses | views.ListPublishedDiagnoses, wanted: Document
    ) -> views.DiagnosisPage:
        place = Place.of(request.cursor, request.changed_since)
        found = place.find(self._diagnoses, wanted, request.limit)
        items = fitting([_outline(each) for each in found[: request.limit]])
        next_cursor, position = place.end(found, len(items))
        return views.DiagnosisPage(items=tuple(items), next_cursor=next_cursor, position=position)


def _outline(document: Document) -> views.Outline:
    return views.Outline.model_validate(facts_for(document, views.Outline))


def _needs(document: Document, request: views.GetNeeds) -> views.DiagnosisNeeds:
    communes: list[Any] = document["communes"]
    wanted = [CommuneNeed.model_validate(each) for each in communes[request.first :]]
    shown = fitting(wanted)
    following = request.first + len(shown)
    return views.DiagnosisNeeds(
        diagnosis_id=request.diagnosis_id,
        index_code=document["index_code"],
        index_version=document["index_version"],
        year=document["year"],
        communes=tuple(shown),
        next_first=following if following < len(communes) else None,
    )
