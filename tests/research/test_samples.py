"""Samples on real parts: frames without those who may not be asked, races, lists, sealed members."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from services.research.application import samples as application
from services.research.domain.sample import Link, Sample
from services.research.domain.sampling import drawn
from shared.contracts.operations import Receipt
from shared.contracts.registry import events as registry
from shared.contracts.registry.vocabulary import Purpose
from shared.contracts.research.commands.samples import DrawFromList, DrawSample
from shared.contracts.research.commands.studies import CloseWave
from shared.contracts.research.views import ById
from shared.contracts.research.views import samples as views
from shared.contracts.research.vocabulary.samples import Frame, FrameChoice
from shared.contracts.research.vocabulary.subjects import SubjectState
from shared.kernel.errors import Rejected
from shared.kernel.personal import ERASED, DataClass
from tests.driving import act_by
from tests.neighbour import Neighbour
from tests.research.conftest import NOW, Research
from tests.research.studying import RESEARCHER, open_wave, opened
from tests.research.telling import began, left, person, registry_of, vault_of

TODAY = NOW.date()
BY_SEX = FrameChoice(frame=Frame.REGISTRY, strata=("sex",))
PEOPLE = 20


def peopled(research: Research, count: int = PEOPLE) -> Neighbour:
    """Every fourth is a man."""
    told = registry_of(research)
    for number in range(count):
        sex = "female" if number % 4 else "male"
        told.tell(*began(research, person(number), sex=sex, born_on="1980-05-01"))
    return told


def preview(research: Research, choice: FrameChoice = BY_SEX) -> views.FramePreview:
    act = act_by(RESEARCHER, "research.preview_frame")
    request = views.PreviewFrame(choice=choice)
    return application.preview_frame(research.composition.application, request, act)


def draw(study: UUID, wave: UUID, size: int = 10, choice: FrameChoice = BY_SEX) -> DrawSample:
    return DrawSample(study_id=study, wave_id=wave, choice=choice, size=size)


def sample_of(research: Research, wave: UUID) -> Sample.Drawn:
    return research.composition.application.load(Sample, wave).content


def listed(research: Research, study: UUID, wave: UUID, text: str, size: int = 2) -> Receipt:
    files = research.composition.application.files
    with files.create(name="lista.csv", content_type="text/csv") as writer:
        writer.write(text.encode())
        file_id = writer.finish()
    request = DrawFromList(
        file_id=file_id, filename="lista.csv", study_id=study, wave_id=wave, size=size
    )
    act = act_by(RESEARCHER, "research.draw_from_list")
    return application.draw_from_list(research.composition.application, request, act)


def test_only_those_who_may_be_asked_are_in_the_frame(research: Research) -> None:
    told = peopled(research)
    before = preview(research)
    assert before.size == PEOPLE
    found = {each.values: each.size for each in before.groups}
    assert found == {("female",): 15, ("male",): 5}
    others = [person(number) for number in range(100, 104)]
    told.tell(
        *(event for who in others for event in began(research, who, sex="male")),
        registry.ConsentWithdrawn(
            subject=others[0], purpose=Purpose.RESEARCH_CONTACT, withdrawn_on=TODAY
        ),
        registry.ParticipantErased(
            subject=others[1], data_classes=(DataClass.MONITORING,), erased_on=TODAY
        ),
        registry.ParticipantMerged(subject=others[2], into=others[3], decided_on=TODAY),
        left(others[3]),
    )
    only_in = FrameChoice(frame=Frame.REGISTRY, states=(SubjectState.IN_PROJECT,))
    assert preview(research, only_in).size == PEOPLE
    assert preview(research).size == PEOPLE + 1


def test_small_groups_and_small_frames_are_not_told(research: Research) -> None:
    peopled(research, 12)
    assert [(each.values, each.size) for each in preview(research).groups] == [(None, 12)]
    nobody = preview(research, FrameChoice(frame=Frame.REGISTRY, states=(SubjectState.LEFT,)))
    assert (nobody.size, nobody.groups) == (None, ())


def test_a_draw_can_be_repeated_and_its_members_are_sealed(research: Research) -> None:
    peopled(research)
    study = opened(research)
    wave = open_wave(research, study)
    research.do(draw(study, wave), RESEARCHER)
    content = sample_of(research, wave)
    read = research.composition.application.frames.read(BY_SEX, TODAY)
    again = drawn(read.units, 10, content.seed)
    assert content.frame_size == PEOPLE
    links = [
        research.composition.application.load(Link, each.event.originator_id)
        for each in research.followed.history.read(0, 1000)
        if isinstance(each.event, Link.Made)
    ]
    assert isinstance(content.members, tuple)
    assert {each.pseudonym for each in content.members} == {each.pseudonym for each in links}
    made = [
        each.event
        for each in research.followed.history.read(0, 1000)
        if isinstance(each.event, Link.Made)
    ]
    assert {str(each.unit_id) for each in made} == {unit.id for unit in again.units}
    shown: views.Sample = research.ask("get_sample", ById(id=wave), RESEARCHER)
    assert [(each.values, each.frame_size, each.drawn) for each in shown.groups] == [
        (None, PEOPLE, 10)
    ]
    (stored,) = research.followed.views["samples"].find()
    assert "female" not in json.dumps({**stored, "choice": None}, default=str)
    assert content.members[0].pseudonym not in str(stored)


def test_of_two_draws_at_once_one_is_recorded(research: Research) -> None:
    peopled(research)
    study = opened(research)
    wave = open_wave(research, study)

    def attempt(size: int) -> str:
        try:
            research.command(draw(study, wave, size), RESEARCHER)
        except Rejected as refusal:
            return refusal.code
        return "drawn"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(attempt, (8, 9, 10, 11)))
    assert outcomes == ["drawn", *["research.sample_drawn"] * 3]


def test_a_unit_has_one_pseudonym_in_a_study_and_another_in_another(research: Research) -> None:
    peopled(research, 6)
    everybody = partial(draw, size=6)
    pseudonyms: list[set[str]] = []
    for code in ("BD/1", "BD/2"):
        study = opened(research, code)
        for _ in range(2):
            wave = open_wave(research, study)
            research.do(everybody(study, wave), RESEARCHER)
            members = sample_of(research, wave).members
            assert isinstance(members, tuple)
            pseudonyms.append({each.pseudonym for each in members})
    assert pseudonyms[0] == pseudonyms[1]
    assert pseudonyms[2] == pseudonyms[3]
    assert not pseudonyms[0] & pseudonyms[2]


def test_an_erasure_cuts_the_link_for_good(research: Research) -> None:
    peopled(research, 6)
    study = opened(research)
    wave = open_wave(research, study)
    research.do(draw(study, wave, 6), RESEARCHER)
    vault_of(research).erase(person(1), [DataClass.IDENTITY], basis="art17", approved_by="dpo")
    links = [
        research.composition.application.load(Link, each.event.originator_id)
        for each in research.followed.history.read(0, 1000)
        if isinstance(each.event, Link.Made)
    ]
    assert [each.pseudonym for each in links].count(ERASED) == 1
    later = open_wave(research, study)
    with pytest.raises(Rejected) as refusal:
        research.do(draw(study, later, 6), RESEARCHER)
    assert refusal.value.code == "subject_erased"


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        ({"frame": "external"}, "research.frame_needs_list"),
        ({"frame": "registry", "strata": ("commune",)}, "research.stratum_unknown"),
        ({"frame": "enterprises"}, "research.frame_too_small"),
    ],
)
def test_what_a_frame_does_not_know_is_refused(
    research: Research, choice: dict[str, Any], code: str
) -> None:
    study = opened(research)
    wave = open_wave(research, study)
    with pytest.raises(Rejected) as refusal:
        research.do(draw(study, wave, 1, FrameChoice.model_validate(choice)), RESEARCHER)
    assert refusal.value.code == code


def test_a_list_of_pseudonyms_is_drawn_from(research: Research) -> None:
    study = opened(research)
    wave = open_wave(research, study)
    rows = "\n".join(
        f"NGO-{number:03};{'miasto' if number % 2 else 'wieś'}" for number in range(30)
    )
    listed(research, study, wave, f"Pseudonim;obszar\n{rows}\n", 10)
    research.project()
    shown: views.Sample = research.ask("get_sample", ById(id=wave), RESEARCHER)
    assert [(each.values, each.drawn) for each in shown.groups] == [
        (("miasto",), 5),
        (("wieś",), 5),
    ]
    assert shown.choice.strata == ("obszar",)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("pseudonym;imię i nazwisko\nA1;x\n", (1, 2, "tells_who")),
        ("pseudonym;e-mail\nA1;x\n", (1, 2, "tells_who")),
        ("pseudonym;area\nA1;44051401359\n", (2, 2, "tells_who")),
        ("pseudonym;area\nA1;anna@example.org\n", (2, 2, "tells_who")),
        ("pseudonym;area\nA1;+48 601 234 567\n", (2, 2, "tells_who")),
        ("pseudonym;area\n44051401359;x\n", (2, 1, "tells_who")),
        ("pseudonym;area\nAnna Kowalska;x\n", (2, 1, "format")),
        ("pseudonym;area\nKowalska;x\n", (2, 1, "format")),
        ("pseudonym;area\nA1;x\nA1;y\n", (3, 1, "repeated")),
        ("pseudonym;area\nA1\n", (2, 2, "format")),
        ("area\nx\n", (1, 1, "pseudonym_column")),
        ("pseudonym;a;b;c;d\nA1;1;2;3;4\n", (1, 5, "too_many_columns")),
        ("pseudonym;area\n", (1, 1, "header_only")),
    ],
)
def test_a_list_that_tells_who_somebody_is_is_refused_whole(
    research: Research, text: str, place: tuple[int, int, str]
) -> None:
    study = opened(research)
    wave = open_wave(research, study)
    head = research.followed.history.head()
    with pytest.raises(Rejected) as refusal:
        listed(research, study, wave, text)
    assert refusal.value.code == "research.list_refused"
    first = refusal.value.details["errors"][0]
    assert (first["row"], first["column"], first["code"]) == place
    assert "Kowalska" not in str(refusal.value.details)
    assert research.followed.history.head() == head


def test_a_column_that_tells_of_single_units_groups_nothing(research: Research) -> None:
    study = opened(research)
    wave = open_wave(research, study)
    rows = "\n".join(f"A{number};Gospodarstwo {number}" for number in range(70))
    with pytest.raises(Rejected) as refusal:
        listed(research, study, wave, f"pseudonym;dom\n{rows}\n")
    assert refusal.value.details["errors"] == [{"row": 1, "column": 2, "code": "tells_who"}]


def test_nothing_is_drawn_for_a_wave_that_is_over(research: Research) -> None:
    peopled(research, 6)
    study = opened(research)
    wave = open_wave(research, study)
    research.do(CloseWave(study_id=study, wave_id=wave, closed_on=date(2026, 3, 2)), RESEARCHER)
    with pytest.raises(Rejected) as refusal:
        research.do(draw(study, wave, 6), RESEARCHER)
    assert refusal.value.code == "research.wave_state"
