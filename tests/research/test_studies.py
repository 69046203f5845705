"""Studies from the plan to the conclusion: nothing opens unreviewed, nobody reviews their own plan."""

from datetime import date
from uuid import UUID

import pytest

from services.research.publishing import publish
from shared.contracts.access import Role
from shared.contracts.operations import Caller, NoRequest
from shared.contracts.research import events as public
from shared.contracts.research.commands import studies as commands
from shared.contracts.research.views import ById
from shared.contracts.research.views import studies as views
from shared.contracts.research.views.studies import ResearchWork
from shared.contracts.research.vocabulary.studies import (
    PinnedInstrument,
    StudyState,
    Verdict,
    WaveState,
)
from shared.kernel.errors import Rejected
from tests.driving import caller
from tests.research.conftest import NOW, Research
from tests.research.studying import (
    INSTRUMENT,
    OPENED,
    PARTNER,
    PLANNED,
    RESEARCHER,
    REVIEWER,
    approve,
    noon,
    open_wave,
    opened,
    plan,
    plan_wave,
    planned,
    publish_instrument,
    shown,
    wave_plan,
)

TODAY = NOW.date()


def refused(research: Research, command: object, by: Caller = RESEARCHER) -> Rejected:
    with pytest.raises(Rejected) as refusal:
        research.do(command, by)
    return refusal.value


def tasks(research: Research, by: Caller) -> list[ResearchWork]:
    found: views.ResearchTasks = research.ask("my_research_tasks", NoRequest(), by)
    return [each.work for each in found.items]


def review(study: UUID, verdict: Verdict = Verdict.APPROVED) -> commands.ReviewStudyEthics:
    return commands.ReviewStudyEthics(
        study_id=study, verdict=verdict, reference="KE/1/2026", reviewed_on=PLANNED
    )


def test_a_study_goes_from_plan_to_conclusion_and_tells_others(research: Research) -> None:
    study = opened(research)
    wave = open_wave(research, study)
    held = commands.ConcludeStudy(study_id=study, concluded_on=TODAY)
    assert refused(research, held).code == "research.waves_open"
    research.do(commands.CloseWave(study_id=study, wave_id=wave, closed_on=TODAY), RESEARCHER)
    research.do(held, RESEARCHER)
    told = shown(research, study)
    assert (told.state, told.waves[0].state) == (StudyState.CONCLUDED, WaveState.CLOSED)
    recorded = [each.event for each in research.followed.history.read(0, 100)]
    assert [each for each in map(publish, recorded) if each] == [
        public.StudyOpened(
            subject=study,
            code="BD/1",
            title_pl="Potrzeby powiatu",
            title_en="Needs of the county",
            method=plan().method,
            partner=PARTNER,
            territory=("2207", "2061011"),
            opened_on=OPENED,
        ),
        public.WaveClosed(
            subject=study, wave_id=wave, number=1, purpose="baseline", closed_on=TODAY
        ),
    ]


def test_nothing_opens_without_a_review_by_another_person(research: Research) -> None:
    study = planned(research)
    opening = commands.OpenStudy(study_id=study, opened_on=OPENED)
    assert refused(research, opening).code == "research.study_state"
    assert refused(research, review(study)).code == "four_eyes"
    research.do(review(study, Verdict.RETURNED), REVIEWER)
    assert refused(research, opening).code == "research.study_state"
    approve(research, study)
    assert shown(research, study).state is StudyState.REVIEWED
    research.do(opening, RESEARCHER)
    assert shown(research, study).state is StudyState.OPEN


def test_a_revision_makes_the_review_void_and_its_author_no_reviewer(research: Research) -> None:
    study = planned(research)
    approve(research, study)
    revision = commands.ReviseStudy(study_id=study, plan=plan(aim="Another."), revised_on=PLANNED)
    research.do(revision, REVIEWER)
    told = shown(research, study)
    assert (told.state, told.reviews[0].void) == (StudyState.PLANNED, True)
    assert refused(research, review(study), REVIEWER).code == "four_eyes"
    third = caller(Role.COORDINATOR, PARTNER, "third")
    research.do(review(study), third)
    told = shown(research, study)
    assert (told.state, told.reviews[1].void) == (StudyState.REVIEWED, False)
    research.do(commands.OpenStudy(study_id=study, opened_on=OPENED), RESEARCHER)
    late = commands.ReviseStudy(study_id=study, plan=plan(), revised_on=TODAY)
    assert refused(research, late).code == "research.study_state"


def test_a_wave_opens_in_its_days_and_once(research: Research) -> None:
    study = planned(research)
    wave = plan_wave(research, study, opens_on=date(2026, 3, 1))
    opening = commands.OpenWave(study_id=study, wave_id=wave, opened_on=TODAY)
    approve(research, study)
    research.do(commands.OpenStudy(study_id=study, opened_on=OPENED), RESEARCHER)
    assert refused(research, opening).code == "research.instrument_version_unknown"
    publish_instrument(research)
    early = opening.model_copy(update={"opened_on": date(2026, 2, 27)})
    assert refused(research, early).details == {
        "opens_on": "2026-03-01",
        "closes_on": "2026-03-31",
    }
    research.do(opening, RESEARCHER)
    assert refused(research, opening).code == "research.wave_state"
    missing = wave_plan(instrument=PinnedInstrument(**{**dict(INSTRUMENT), "version": 2}))
    planning = commands.PlanWave(study_id=study, wave=missing, planned_on=PLANNED)
    research.do(planning, RESEARCHER)
    unpublished = opening.model_copy(update={"wave_id": shown(research, study).waves[-1].wave_id})
    assert refused(research, unpublished).details == {"latest": 1}
    strange = opening.model_copy(update={"wave_id": study})
    assert refused(research, strange).code == "research.wave_unknown"


def test_a_code_names_one_study_and_another_partner_sees_none_of_it(research: Research) -> None:
    study = planned(research)
    again = commands.PlanStudy(code="BD/1", partner=PARTNER, plan=plan(), planned_on=PLANNED)
    assert refused(research, again).code == "research.study_code_taken"
    stranger = caller(Role.RESEARCHER, "inny")
    elsewhere = again.model_copy(update={"code": "BD/2"})
    assert refused(research, elsewhere, stranger).code == "partner_out_of_scope"
    opening = commands.OpenStudy(study_id=study, opened_on=OPENED)
    assert refused(research, opening, stranger).code == "not_found"
    with pytest.raises(Rejected) as unseen:
        research.ask("get_study", ById(id=study), stranger)
    assert unseen.value.code == "not_found"
    assert research.ask("list_studies", views.ListStudies(), stranger).items == ()
    assert len(research.ask("list_studies", views.ListStudies(), RESEARCHER).items) == 1


def test_each_sees_what_they_may_do_next(research: Research) -> None:
    study = planned(research)
    assert tasks(research, RESEARCHER) == []
    assert tasks(research, REVIEWER) == [ResearchWork.REVIEW_ETHICS]
    approve(research, study)
    assert tasks(research, RESEARCHER) == [ResearchWork.OPEN_STUDY]
    research.do(commands.OpenStudy(study_id=study, opened_on=OPENED), RESEARCHER)
    wave = plan_wave(research, study)
    assert tasks(research, RESEARCHER) == [ResearchWork.OPEN_WAVE]
    publish_instrument(research)
    research.do(commands.OpenWave(study_id=study, wave_id=wave, opened_on=TODAY), RESEARCHER)
    assert tasks(research, RESEARCHER) == []
    research.clock[0] = noon(date(2026, 4, 1))
    assert tasks(research, RESEARCHER) == [ResearchWork.CLOSE_WAVE]
