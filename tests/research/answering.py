"""Surveys that people answer in tests: an instrument, a wave, invitations, steps on the page."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid4

from services.research.application.invitations import invitation_of
from services.research.domain.instrument import Instrument
from services.research.domain.response import Response
from shared.contracts.operations import ANYBODY
from shared.contracts.research.views import webforms as views
from shared.contracts.research.vocabulary.forms import FormDefinition, FormOrigin
from shared.contracts.research.vocabulary.responses import FormAction, FormLanguage
from shared.contracts.research.vocabulary.studies import PinnedInstrument, WaveMode
from shared.eventstore.acts import Act
from shared.kernel.provenance import Provenance
from tests.driving import act_by
from tests.research.conftest import Research
from tests.research.form.making import definition, item, label
from tests.research.studying import PLANNED, RESEARCHER, open_wave, opened
from tests.research.test_invitations import done, ordered, table
from tests.research.test_samples import draw, peopled

SURVEY: Final = UUID("018f6d1e-2f0b-7c0e-9b7e-64d04560a577")
CANARY: Final = "Kanarek-Zofia-Kowalska-7731"
"""A free text that must stand nowhere in clear."""


def survey() -> FormDefinition:
    """Two pages: the second question follows from the first, the second page from an answer there."""
    return definition(
        item("select_one", "works", choices="yesno", required=True),
        item(
            "integer",
            "hours",
            relevant="${works} = 'yes'",
            required=True,
            constraint=". > 0 and . <= 80",
            constraint_message=label("Od 1 do 80"),
        ),
        item("calculate", "full", calculation="if(${hours} > 35, 'full', 'part')"),
        {
            "kind": "group",
            "name": "wishes",
            "label": label("Potrzeby"),
            "items": [
                item("select_multiple", "wanted", choices="letters"),
                item("text", "remarks", hint=label("Dwa zdania")),
                item("decimal", "distance", relevant="selected(${wanted}, 'a')"),
            ],
        },
    )


def pinned(research: Research, form: FormDefinition | None = None) -> PinnedInstrument:
    application = research.composition.application
    if application.find(Instrument, SURVEY) is None:
        instrument = Instrument(SURVEY)
        instrument.create(code="ANK/2", title="Ankieta", on=PLANNED)
        instrument.publish(definition=form or survey(), origin=FormOrigin.JSON, on=PLANNED)
        application.commit(act_by(RESEARCHER, "research.publish"), instrument)
        research.project()
    return PinnedInstrument(instrument_id=SURVEY, version=1)


def linked(
    research: Research, count: int = 5, *, is_peopled: bool = False
) -> tuple[UUID, list[str]]:
    """A wave and the tokens of its members, participant 0 first."""
    if not is_peopled:
        peopled(research, count)
    study = opened(research)
    wave = open_wave(research, study, instrument=pinned(research))
    research.do(draw(study, wave, count), RESEARCHER)
    job = ordered(research, study, wave)
    done(research, job)
    return wave, [row[2] for row in sorted(table(research, job))]


def anonymous(research: Research, count: int = 5) -> tuple[UUID, list[str]]:
    study = opened(research)
    wave = open_wave(research, study, instrument=pinned(research), mode=WaveMode.ANONYMOUS)
    job = ordered(research, study, wave, count)
    done(research, job)
    return wave, [row[2] for row in table(research, job)]


def anybody(operation: str) -> Act:
    return Act(
        caller=ANYBODY,
        provenance=Provenance(
            actor=ANYBODY.subject,
            role=ANYBODY.subject,
            command=f"research.{operation}",
            command_id=uuid4(),
            correlation_id=uuid4(),
        ),
    )


def look(research: Research, token: str, language: FormLanguage = "pl") -> views.WebForm:
    request = views.GetWebForm(token=token, language=language)
    return research.composition.webforms.get_web_form(request, anybody("get_web_form"))


def step(
    research: Research,
    token: str,
    action: str = "next",
    answers: Mapping[str, str] | None = None,
    *,
    key: UUID | None = None,
    language: FormLanguage = "pl",
    **facts: Any,
) -> views.WebForm:
    """What somebody sends from the page that is shown."""
    if "page" not in facts and action in ("next", "back"):
        page = look(research, token)
        names = tuple(each.name for each in page.items if each.kind.value != "note")
        facts = {"page": page.page, "shown": names} | facts
    request = views.AnswerWebForm(
        token=token,
        language=language,
        key=key or uuid4(),
        action=FormAction(action),
        answers=dict(answers or {}),
        **facts,
    )
    return research.composition.webforms.answer_web_form(request, anybody("answer_web_form"))


def consent(research: Research, token: str) -> views.WebForm:
    return step(research, token, "consent", consent=look(research, token).consent)


def submitted(research: Research, token: str, **answers: str) -> views.WebForm:
    """All of it: consent, both pages, sent."""
    consent(research, token)
    step(research, token, answers={"works": "no"})
    step(research, token, answers={"remarks": CANARY} | answers)
    form = step(research, token)
    research.project()
    return form


def response_of(research: Research, token: str) -> Response:
    application = research.composition.application
    response_id = invitation_of(application, token).response_id
    assert response_id is not None
    return application.load(Response, response_id)
