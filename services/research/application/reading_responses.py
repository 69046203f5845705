"""One response with its answers, for those who check them; that it was read is recorded."""

from dataclasses import dataclass

from services.research.application import Research
from services.research.application.instruments import Forms
from services.research.application.responses import response_within
from services.research.domain.form.form import Form
from services.research.domain.response import Response
from shared.contracts.access import Role
from shared.contracts.research.views import ById
from shared.contracts.research.views import responses as views
from shared.contracts.research.vocabulary.forms import ItemKind
from shared.contracts.research.vocabulary.responses import ResponseState
from shared.eventstore.acts import Act
from shared.eventstore.reads import RecordRead
from shared.kernel.personal import Absent, DataClass


@dataclass(frozen=True)
class ReadingResponses:
    research: Research
    forms: Forms
    record_read: RecordRead

    def get_response(self, request: ById, act: Act) -> views.Response:
        """A researcher gets no answer that may name somebody: free text, unless its author said
        that it names nobody.
        """
        response = response_within(self.research, request.id, act)
        submitted = response.state is ResponseState.SUBMITTED
        answers = response.answers if submitted else None
        withheld: list[str] = []
        if isinstance(answers, Absent):
            answers = None
        elif answers is not None:
            self.record_read(act, (response.id,), frozenset({DataClass.SPECIAL}))
            if Role.COORDINATOR not in act.caller.roles:
                withheld = [name for name in _naming(self._form(response)) if name in answers]
                answers = {name: said for name, said in answers.items() if name not in withheld}
        note = response.review and response.review.note
        return views.Response(
            **_summary(response).model_dump(),
            answers=answers,
            withheld=tuple(withheld),
            note=None if isinstance(note, Absent) else note,
        )

    def _form(self, response: Response) -> Form:
        pinned = response.asked.instrument
        return self.forms.of(pinned.instrument_id, pinned.version)


def _naming(form: Form) -> list[str]:
    return [
        name
        for name, question in form.questions.items()
        if question.item.personal
        or (question.item.personal is None and question.item.kind is ItemKind.TEXT)
    ]


def _summary(response: Response) -> views.ResponseSummary:
    asked, review = response.asked, response.review
    return views.ResponseSummary(
        id=response.id,
        version=response.version,
        study_id=asked.study_id,
        wave_id=asked.wave_id,
        origin=response.origin,
        mode=asked.mode,
        instrument=asked.instrument,
        state=response.state,
        begun_on=response.begun_on,
        submitted_on=response.submitted_on,
        edits=response.edits,
        review=review and review.status,
        reviewed_on=review and review.occurred_on,
        anonymised_on=response.anonymised_on,
    )
