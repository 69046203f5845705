"""The story obeys the registry's rules: every step is a valid command that the domain accepts."""

import inspect
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest

from demo.courses import courses, starts
from demo.mistakes import rows_of
from demo.people import Person, people
from demo.records import Correction, corrections, registration
from demo.story import BY_TRAINING, Step, story
from services.registry.domain import rules as rules_module
from services.registry.domain.participant import Participant
from services.registry.domain.rules import RegistryRules
from shared.contracts.model import Published
from shared.contracts.registry import commands
from shared.contracts.registry.vocabulary import Status

RULES = RegistryRules.parse(
    path.read_text()
    for path in Path(rules_module.__file__).parents[1].joinpath("rules").glob("*.toml")
)
TODAY = date(2026, 11, 23)
NAMESPACE = UUID("5a0f6d1e-2f0b-5c0e-9b7e-64d04560a001")
CORRECTION = UUID("5a0f6d1e-2f0b-5c0e-9b7e-64d04560a002")
METHODS: dict[str, tuple[str, type[commands.ParticipantCommand]]] = {
    "/score": ("score_application", commands.ScoreApplication),
    "/decision": ("decide_recruitment", commands.DecideRecruitment),
    "/enrolment": ("enrol", commands.EnrolParticipant),
    BY_TRAINING: ("enrol", commands.EnrolParticipant),
    "/suspension": ("suspend", commands.SuspendParticipant),
    "/resumption": ("resume", commands.ResumeParticipant),
    "/exit": ("exit", commands.ExitParticipant),
    "/outcome": ("record_outcome", commands.RecordOutcome),
    "/follow-up": ("record_follow_up", commands.RecordFollowUp),
    "/re-entry": ("re_enter", commands.ReEnterParticipant),
    "/consents": ("give_consent", commands.GiveConsent),
    "/consents/research_contact/withdrawal": ("withdraw_consent", commands.WithdrawConsent),
}


def everyone() -> list[Person]:
    rows, _ = rows_of(people())
    return list({row.person.reference: row.person for row in rows}.values())


STARTS = starts(courses(everyone(), rows_of(people())[1]))


def steps(person: Person, today: date) -> list[Step]:
    return list(story(person, today, STARTS.get(person.reference)))


def lived(person: Person, today: date) -> Participant:
    """The person's record after all steps of the story, decided by the real aggregate."""
    participant = Participant(uuid5(NAMESPACE, person.reference))
    command = commands.RegisterParticipant.model_validate(registration(person))
    _decide(participant, "register", command, "caseworker", today)
    for step in steps(person, today):
        name, model = METHODS[step.path]
        body = {"participant_id": participant.id, **step.body}
        if model is commands.WithdrawConsent:
            body["purpose"] = "research_contact"
        by = "coordinator" if step.by_coordinator else "caseworker"
        _decide(participant, name, model.model_validate(body), by, today)
    return participant


def _decide(participant: Participant, name: str, command: Published, by: str, today: date) -> None:
    method = getattr(participant, name)
    known = {"correction_id": CORRECTION, "by": by, "today": today, "rules": RULES}
    known |= dict(command)
    wanted = inspect.signature(method).parameters
    method(**{key: value for key, value in known.items() if key in wanted})


@pytest.mark.parametrize("today", [TODAY, TODAY - timedelta(180), TODAY + timedelta(500)])
def test_the_domain_accepts_every_step(today: date) -> None:
    for person in everyone():
        lived(person, today)


def test_all_that_can_happen_happens() -> None:
    paths = Counter(step.path for person in everyone() for step in steps(person, TODAY))
    assert paths.keys() == METHODS.keys()


def test_most_are_in_support_or_were_and_every_status_occurs() -> None:
    statuses = Counter(lived(person, TODAY).status for person in everyone())
    assert statuses.keys() == set(Status) - {Status.MERGED}
    started = sum(statuses[s] for s in (Status.ENROLLED, Status.SUSPENDED, Status.EXITED))
    assert 330 <= started <= 400


def test_a_later_day_only_adds_steps() -> None:
    for person in everyone():
        earlier = steps(person, TODAY)
        assert steps(person, TODAY + timedelta(90))[: len(earlier)] == earlier


def test_names_of_steps_are_unique_within_a_person() -> None:
    for person in everyone():
        names = [step.name for step in steps(person, TODAY + timedelta(900))]
        assert len(names) == len(set(names))


REQUESTS: dict[str, tuple[str, type[commands.ParticipantCommand]]] = {
    "/corrections": ("request_correction", commands.RequestCorrection),
    "/steps/corrections": ("request_step_correction", commands.RequestStepCorrection),
}


def test_corrections_are_valid_and_mend_what_was_recorded_wrongly() -> None:
    rows, mistakes = rows_of(people())
    found = corrections([row.person for row in rows], mistakes, STARTS)
    assert [correction.approve for correction in found] == [True, True, False, None, True]
    for correction in found:
        _, model = REQUESTS[correction.path]
        model.model_validate(_request(correction))


def test_the_domain_accepts_the_corrected_start() -> None:
    rows, mistakes = rows_of(people())
    correction = corrections([row.person for row in rows], mistakes, STARTS)[-1]
    participant = lived(correction.person, TODAY)
    started_on = participant.started_on
    assert started_on is not None
    name, model = REQUESTS[correction.path]
    _decide(participant, name, model.model_validate(_request(correction)), "caseworker", TODAY)
    (correction_id,) = participant.corrections
    decision = commands.DecideCorrection(
        participant_id=participant.id,
        correction_id=correction_id,
        decided_on=correction.requested_on,
        approve=True,
        justification=correction.justification,
    )
    _decide(participant, "decide_correction", decision, "coordinator", TODAY)
    assert participant.started_on == started_on - timedelta(2)


def _request(correction: Correction) -> dict[str, Any]:
    return {
        "participant_id": uuid5(NAMESPACE, correction.person.reference),
        "requested_on": correction.requested_on,
        "reason": correction.reason,
        "source_document": correction.source_document,
        **correction.right,
    }
