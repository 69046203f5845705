"""Studies as the tests need them."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from services.research.domain.instrument import Instrument
from shared.contracts.access import Role
from shared.contracts.research.commands import studies as commands
from shared.contracts.research.views import ById
from shared.contracts.research.views import studies as views
from shared.contracts.research.vocabulary.forms import FormOrigin
from shared.contracts.research.vocabulary.studies import (
    Method,
    PinnedInstrument,
    StudyPlan,
    Topic,
    Verdict,
    WaveMode,
    WavePlan,
    WavePurpose,
)
from shared.kernel.days import POLAND
from tests.driving import act_by, caller
from tests.research.conftest import Research
from tests.research.form.making import definition, item

PARTNER: Final = "uniwersytet"
RESEARCHER: Final = caller(Role.RESEARCHER, PARTNER)
REVIEWER: Final = caller(Role.COORDINATOR, PARTNER, "reviewer")
PLANNED: Final = date(2026, 2, 2)
OPENED: Final = date(2026, 2, 9)
INSTRUMENT: Final = PinnedInstrument(
    instrument_id=UUID("018f6d1e-2f0b-7c0e-9b7e-64d04560a501"), version=1
)


def plan(**facts: Any) -> StudyPlan:
    return StudyPlan.model_validate(
        {
            "title_pl": "Potrzeby powiatu",
            "title_en": "Needs of the county",
            "aim": "Find what people need and what is there.",
            "questions": ("What is missing?",),
            "method": Method.SURVEY,
            "territory": ("2207", "2061011"),
            "topics": (Topic.DISABILITY,),
        }
        | facts
    )


def wave_plan(**facts: Any) -> WavePlan:
    return WavePlan.model_validate(
        {
            "purpose": WavePurpose.BASELINE,
            "mode": WaveMode.LINKED,
            "instrument": INSTRUMENT,
            "opens_on": OPENED,
            "closes_on": date(2026, 3, 31),
            "reminders": (7, 14),
        }
        | facts
    )


def planned(research: Research, code: str = "BD/1", **facts: Any) -> UUID:
    command = commands.PlanStudy(code=code, partner=PARTNER, plan=plan(**facts), planned_on=PLANNED)
    return research.do(command, RESEARCHER).id


def approve(research: Research, study: UUID) -> None:
    command = commands.ReviewStudyEthics(
        study_id=study, verdict=Verdict.APPROVED, reference="KE/1/2026", reviewed_on=PLANNED
    )
    research.do(command, REVIEWER)


def opened(research: Research, code: str = "BD/1") -> UUID:
    study = planned(research, code)
    approve(research, study)
    research.do(commands.OpenStudy(study_id=study, opened_on=OPENED), RESEARCHER)
    return study


def plan_wave(research: Research, study: UUID, **facts: Any) -> UUID:
    command = commands.PlanWave(study_id=study, wave=wave_plan(**facts), planned_on=PLANNED)
    research.do(command, RESEARCHER)
    found: UUID = shown(research, study).waves[-1].wave_id
    return found


def publish_instrument(research: Research) -> None:
    """The questionnaire that all waves here pin, once."""
    application = research.composition.application
    if application.find(Instrument, INSTRUMENT.instrument_id) is None:
        instrument = Instrument(INSTRUMENT.instrument_id)
        instrument.create(code="ANK", title="Ankieta", on=PLANNED)
        form = definition(item("text", "a"))
        instrument.publish(definition=form, origin=FormOrigin.JSON, on=PLANNED)
        application.commit(act_by(RESEARCHER, "research.publish"), instrument)
        research.project()


def open_wave(research: Research, study: UUID, **facts: Any) -> UUID:
    publish_instrument(research)
    wave = plan_wave(research, study, **facts)
    research.do(commands.OpenWave(study_id=study, wave_id=wave, opened_on=OPENED), RESEARCHER)
    return wave


def shown(research: Research, study: UUID) -> views.Study:
    found: views.Study = research.ask("get_study", ById(id=study))
    return found


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=POLAND)
