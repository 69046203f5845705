"""A whole wave made nobody's: by two people, gone on with after a kill, and for good."""

from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest
from bson.json_util import dumps

from services.research.application import anonymising
from services.research.application.anonymising import ANONYMISE
from services.research.domain.invitation import Invitation
from services.research.domain.response import Response
from services.research.domain.sample import Sample
from services.research.projections import research_projection
from services.research.queries.answers import Answers
from shared.contracts.operations import Caller
from shared.contracts.research.commands import studies as commands
from shared.contracts.research.views import ById, webforms
from shared.contracts.research.views import studies as views
from shared.kernel.errors import Rejected
from shared.kernel.personal import ERASED, SealedBox
from shared.runtime.jobs import Interrupted, Job, Progress
from tests.driving import act_by
from tests.research.answering import anonymous, anybody, consent, linked, submitted
from tests.research.conftest import NOW, Research
from tests.research.studying import RESEARCHER, REVIEWER, shown

TODAY = NOW.date()
COLLECTIONS = tuple(research_projection(lambda *_: None).collections)


def closed(research: Research, wave: UUID) -> UUID:
    (study,) = (each["_id"] for each in research.followed.views["studies"].find())
    study_id = UUID(study)
    research.do(commands.CloseWave(study_id=study_id, wave_id=wave, closed_on=TODAY), RESEARCHER)
    return study_id


def propose(research: Research, study: UUID, wave: UUID, by: Caller = RESEARCHER) -> None:
    command = commands.ProposeWaveAnonymisation(study_id=study, wave_id=wave, proposed_on=TODAY)
    research.do(command, by)


def order(research: Research, study: UUID, wave: UUID, by: Caller = REVIEWER) -> UUID:
    request = commands.AnonymiseWave(study_id=study, wave_id=wave)
    act = act_by(by, "research.anonymise_wave")
    return research.composition.anonymisations.anonymise_wave(request, act).id


def attempt(research: Research, *, stop_after: int | None = None) -> Job:
    """As the runner does; killed after so many reports."""
    jobs = research.composition.anonymisations.jobs
    job = jobs.take([ANONYMISE], "this test")
    assert job is not None

    class Stopping(Progress):
        reports = 0

        def report(self, **progress: Any) -> None:
            super().report(**progress)
            self.reports += 1
            if self.reports == stop_after:
                raise Interrupted

    result = research.followed.jobs[ANONYMISE](job, Stopping(jobs, job, "this test", Event()))
    jobs.update(job, "this test", state="done", result=dict(result))
    research.project()
    return job


def test_afterwards_nobody_can_tell_whose_a_response_was(
    research: Research, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, read_models = research.composition.application, research.followed.views
    wave, tokens = linked(research, 6)
    codes = [submitted(research, token).withdrawal_code for token in tokens[:4]]
    consent(research, tokens[4])
    research.project()
    members = application.load(Sample, wave).members
    assert isinstance(members, tuple)
    pseudonyms = {each.pseudonym for each in members}
    responses = [UUID(each["_id"]) for each in read_models["responses"].find()]
    sealed = [each["link"] for each in read_models["responses"].find({"link": {"$ne": None}})]
    invitations = [UUID(each["_id"]) for each in read_models["invitations"].find()]
    assert (len(pseudonyms), len(sealed), len(invitations)) == (6, 5, 6)
    study = closed(research, wave)
    propose(research, study, wave)
    order(research, study, wave)

    monkeypatch.setattr(anonymising, "AT_ONCE", 2)
    with pytest.raises(Interrupted):
        attempt(research, stop_after=1)
    research.project()
    assert shown(research, study).waves[0].anonymised_on is None
    job = attempt(research)

    told = research.composition.anonymisations.get_wave_anonymisation(
        ById(id=job.id), act_by(REVIEWER, "research.get_wave_anonymisation")
    )
    assert told == views.WaveAnonymisation(id=job.id, state="done", wave_id=wave, responses=5)
    assert shown(research, study).waves[0].anonymised_on == TODAY
    stored = dumps([list(read_models[name].find()) for name in COLLECTIONS])
    assert not [each for each in pseudonyms if each in stored]
    assert {each["link"] for each in read_models["responses"].find()} == {None}
    vault = application.vault
    for subject in (wave, *responses):
        vault.evict(subject)  # as by itself within a minute
    for box in sealed:
        assert vault.open(SealedBox.model_validate(box)) is ERASED
    for each in responses:
        assert application.load(Response, each).link is ERASED
    for each in invitations:
        assert application.load(Invitation, each).terms.pseudonym is ERASED
    assert application.load(Sample, wave).members is ERASED
    reads = Answers(read_models, vault).of_wave(wave, research.position)
    assert [(dict(each.answers)["works"], each.pseudonym) for each in reads] == [("no", None)] * 4
    for code in codes:
        assert code is not None
        request = webforms.WithdrawResponse(code=code)
        with pytest.raises(Rejected, match="response_anonymised"):
            research.composition.webforms.withdraw_response(request, anybody("withdraw_response"))


def test_it_takes_another_person_a_closed_wave_and_links(research: Research) -> None:
    wave, _ = linked(research, 5)
    (study_document,) = research.followed.views["studies"].find()
    study = UUID(study_document["_id"])
    with pytest.raises(Rejected, match="wave_state"):
        propose(research, study, wave)
    closed(research, wave)
    with pytest.raises(Rejected, match="anonymisation_not_proposed"):
        order(research, study, wave)
    propose(research, study, wave, REVIEWER)
    with pytest.raises(Rejected, match="four_eyes"):
        order(research, study, wave)
    with pytest.raises(Rejected, match="wave_unknown"):
        order(research, study, uuid4())


def test_an_anonymous_wave_is_anonymous_already(research: Research) -> None:
    wave, _ = anonymous(research, 5)
    study = closed(research, wave)
    with pytest.raises(Rejected, match="wave_anonymous"):
        propose(research, study, wave)
