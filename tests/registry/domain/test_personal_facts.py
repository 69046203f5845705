"""Updates, corrections, and what remains to be decided once data cannot be read."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.registry.domain.corrections import CorrectionState
from services.registry.domain.participant import Participant
from shared.contracts.registry.vocabulary import (
    Education,
    IdentityData,
    LabourStatus,
    MonitoringData,
    PersonalData,
    SpecialData,
)
from shared.kernel.personal import ERASED, WITHHELD
from shared.testing.scenario import Fact, fact, given, rejected
from tests.registry.domain.people import (
    CORRECTION,
    DECIDER,
    ENROLLED_HISTORY,
    SCORER,
    STARTED,
    TODAY,
    dated,
    enrolled,
    registered,
)

MARCH = date(2026, 3, 1)
APRIL = date(2026, 4, 1)
EMPLOYED = MonitoringData(labour_status=LabourStatus.EMPLOYED)
INACTIVE = MonitoringData(labour_status=LabourStatus.INACTIVE)
STATUS = "/monitoring/labour_status"
found_work = fact(Participant.Updated, MARCH, monitoring=EMPLOYED)


def update(participant: Participant, personal: PersonalData, on: date = MARCH) -> None:
    participant.update(changed_on=on, personal=personal, **dated)


def requested(**changes: Any) -> Fact:
    facts = {
        "correction_id": CORRECTION,
        "requested_by": SCORER,
        "in_force_on": STARTED,
        "fields": (STATUS,),
        "reason": "W zaświadczeniu jest inny status.",
        "source_document": "PUP/12/2026",
        "monitoring": INACTIVE,
    }
    return fact(Participant.CorrectionRequested, APRIL, **{**facts, **changes})


def request(participant: Participant, **changes: Any) -> None:
    call = {
        "correction_id": CORRECTION,
        "requested_on": APRIL,
        "in_force_on": STARTED,
        "personal": PersonalData(monitoring=INACTIVE),
        "retracted": (),
        "reason": "W zaświadczeniu jest inny status.",
        "source_document": "PUP/12/2026",
        "by": SCORER,
    }
    participant.request_correction(**{**call, **changes}, **dated)


def decide(participant: Participant, **changes: Any) -> None:
    call = {
        "correction_id": CORRECTION,
        "decided_on": APRIL,
        "approve": True,
        "justification": "Zgodne z zaświadczeniem.",
        "by": DECIDER,
    }
    participant.decide_correction(**{**call, **changes}, **dated)


corrected = fact(
    Participant.Corrected,
    APRIL,
    correction_id=CORRECTION,
    decided_by=DECIDER,
    in_force_on=STARTED,
    fields=(STATUS,),
    justification="Zgodne z zaświadczeniem.",
    monitoring=INACTIVE,
)


class TestUpdate:
    def test_a_changed_fact_is_recorded_with_the_day_of_the_change(self) -> None:
        given(Participant, *ENROLLED_HISTORY).when(
            lambda p: update(p, PersonalData(monitoring=EMPLOYED))
        ).then(found_work)

    def test_only_what_is_new_is_recorded(self) -> None:
        known = MonitoringData(education=Education.LOWER_SECONDARY)
        mixed = known.model_copy(update={"labour_status": LabourStatus.EMPLOYED})
        given(Participant, *ENROLLED_HISTORY).when(
            lambda p: update(p, PersonalData(monitoring=mixed))
        ).then(found_work)

    def test_what_is_known_already_is_no_news(self) -> None:
        known = PersonalData(monitoring=MonitoringData(education=Education.LOWER_SECONDARY))
        given(Participant, *ENROLLED_HISTORY).when(lambda p: update(p, known)).then(
            rejected("nothing_changed")
        )

    def test_a_blank_never_erases(self) -> None:
        given(Participant, *ENROLLED_HISTORY).when(lambda p: update(p, PersonalData())).then(
            rejected("nothing_changed")
        )

    def test_the_fact_at_the_start_stays_true_of_the_start(self) -> None:
        participant = given(Participant, *ENROLLED_HISTORY, found_work).aggregate()
        at_start = participant.personal.on(STARTED).value(STATUS)
        assert at_start is LabourStatus.UNEMPLOYED_REGISTERED
        assert participant.personal.on(MARCH).value(STATUS) is LabourStatus.EMPLOYED

    def test_an_earlier_change_recorded_later_does_not_hide_the_later_one(self) -> None:
        february = fact(Participant.Updated, date(2026, 2, 10), monitoring=INACTIVE)
        participant = given(Participant, *ENROLLED_HISTORY, found_work, february).aggregate()
        assert participant.personal.on(date(2026, 2, 10)).value(STATUS) is LabourStatus.INACTIVE
        assert participant.personal.current().value(STATUS) is LabourStatus.EMPLOYED

    def test_what_was_first_told_after_the_start_is_all_one_knows_of_the_start(self) -> None:
        empty = fact(Participant.Registered, STARTED, kind="staff", partner="gdansk")
        participant = given(Participant, empty, found_work).aggregate()
        assert participant.personal.on(STARTED).value(STATUS) is LabourStatus.EMPLOYED


class TestCorrection:
    def test_a_request_changes_nothing_by_itself(self) -> None:
        given(Participant, *ENROLLED_HISTORY).when(request).then(requested())
        participant = given(Participant, *ENROLLED_HISTORY, requested()).aggregate()
        assert participant.personal.current().value(STATUS) is LabourStatus.UNEMPLOYED_REGISTERED

    def test_another_person_approves(self) -> None:
        given(Participant, *ENROLLED_HISTORY, requested()).when(decide).then(corrected)

    def test_nobody_approves_their_own_request(self) -> None:
        given(Participant, *ENROLLED_HISTORY, requested()).when(
            lambda p: decide(p, by=SCORER)
        ).then(rejected("four_eyes"))

    def test_nobody_rejects_their_own_request(self) -> None:
        given(Participant, *ENROLLED_HISTORY, requested()).when(
            lambda p: decide(p, by=SCORER, approve=False)
        ).then(rejected("four_eyes"))

    def test_a_rejected_request_leaves_the_fact_and_stays_in_the_history(self) -> None:
        refused = fact(
            Participant.CorrectionRejected,
            APRIL,
            correction_id=CORRECTION,
            decided_by=DECIDER,
            justification="Zgodne z zaświadczeniem.",
        )
        given(Participant, *ENROLLED_HISTORY, requested()).when(
            lambda p: decide(p, approve=False)
        ).then(refused)
        participant = given(Participant, *ENROLLED_HISTORY, requested(), refused).aggregate()
        assert participant.personal.current().value(STATUS) is LabourStatus.UNEMPLOYED_REGISTERED
        assert participant.corrections[CORRECTION].state is CorrectionState.REJECTED

    def test_a_corrected_fact_was_wrong_from_the_start_but_a_later_change_stays(self) -> None:
        history = (*ENROLLED_HISTORY, found_work, requested(), corrected)
        participant = given(Participant, *history).aggregate()
        assert participant.personal.on(STARTED).value(STATUS) is LabourStatus.INACTIVE
        assert participant.personal.current().value(STATUS) is LabourStatus.EMPLOYED

    def test_a_value_is_retracted_when_the_right_one_is_unknown(self) -> None:
        pesel = "/identity/pesel"
        asked = requested(fields=(pesel,), monitoring=None)
        given(Participant, *ENROLLED_HISTORY).when(
            lambda p: request(p, personal=PersonalData(), retracted=(pesel,))
        ).then(asked)
        approved = fact(
            Participant.Corrected,
            APRIL,
            **{**corrected.values, "fields": (pesel,), "monitoring": None},
        )
        given(Participant, *ENROLLED_HISTORY, asked).when(decide).then(approved)
        participant = given(Participant, *ENROLLED_HISTORY, asked, approved).aggregate()
        assert participant.personal.current().value(pesel) is None

    def test_a_field_is_not_retracted_and_given_at_once(self) -> None:
        given(Participant, *ENROLLED_HISTORY).when(lambda p: request(p, retracted=(STATUS,))).then(
            rejected("registry.retracted_and_given", {"fields": [STATUS]}, pointer="/retracted")
        )

    def test_an_unknown_field_is_refused_by_name(self) -> None:
        given(Participant, *ENROLLED_HISTORY).when(
            lambda p: request(p, retracted=("/identity/shoe_size",))
        ).then(rejected("registry.field_unknown", {"field": "/identity/shoe_size"}))

    def test_a_pending_correction_survives_changes_of_other_fields(self) -> None:
        moved = fact(Participant.Updated, MARCH, identity=IdentityData(phone="58 300 00 00"))
        given(Participant, *ENROLLED_HISTORY, requested(), moved).when(decide).then(corrected)

    def test_a_correction_is_overtaken_when_the_corrected_value_changed_meanwhile(self) -> None:
        earlier = fact(Participant.Updated, STARTED, monitoring=EMPLOYED)
        given(Participant, *ENROLLED_HISTORY, requested(), earlier).when(decide).then(
            rejected("registry.correction_overtaken", {"fields": [STATUS]})
        )

    def test_what_is_overtaken_can_still_be_rejected(self) -> None:
        earlier = fact(Participant.Updated, STARTED, monitoring=EMPLOYED)
        outcome = given(Participant, *ENROLLED_HISTORY, requested(), earlier).when(
            lambda p: decide(p, approve=False)
        )
        assert [type(event) for event in outcome.recorded] == [Participant.CorrectionRejected]

    def test_a_correction_is_decided_once(self) -> None:
        given(Participant, *ENROLLED_HISTORY, requested(), corrected).when(decide).then(
            rejected("registry.correction_decided", {"state": "approved"})
        )

    def test_a_correction_nobody_asked_for_is_unknown(self) -> None:
        given(Participant, *ENROLLED_HISTORY).when(
            lambda p: decide(p, correction_id=UUID(int=7))
        ).then(rejected("registry.correction_unknown", pointer="/correction_id"))

    def test_correcting_to_what_is_recorded_changes_nothing(self) -> None:
        same = PersonalData(monitoring=MonitoringData(education=Education.LOWER_SECONDARY))
        given(Participant, *ENROLLED_HISTORY).when(lambda p: request(p, personal=same)).then(
            rejected("nothing_changed")
        )


def with_marks(*facts: Fact, **marks: Any) -> tuple[Fact, ...]:
    """The history as it reads once keys are gone or withheld."""
    return tuple(
        Fact(
            f.event_class,
            f.occurred_on,
            {
                name: marks.get(mark_of[name], value) if name in mark_of else value
                for name, value in f.values.items()
            },
        )
        for f in facts
    )


mark_of = {
    "identity": "identity",
    "reference": "identity",
    "monitoring": "monitoring",
    "special": "special",
    "points": "special",
    "justification": "special",
    "reason": "special",
}


class TestUnreadable:
    @pytest.mark.parametrize(
        ("mark", "code"),
        [(ERASED, "subject_erased"), (WITHHELD, "registry.data_withheld")],
    )
    def test_what_cannot_be_read_is_neither_updated_nor_corrected(
        self, mark: Any, code: str
    ) -> None:
        history = with_marks(*ENROLLED_HISTORY, monitoring=mark)
        given(Participant, *history).when(
            lambda p: update(p, PersonalData(monitoring=EMPLOYED))
        ).then(rejected(code))
        given(Participant, *history).when(request).then(rejected(code))
        given(Participant, *with_marks(*ENROLLED_HISTORY, requested(), monitoring=mark)).when(
            decide
        ).then(rejected(code))

    def test_the_other_classes_go_on(self) -> None:
        history = with_marks(*ENROLLED_HISTORY, identity=ERASED)
        given(Participant, *history).when(
            lambda p: update(p, PersonalData(monitoring=EMPLOYED))
        ).then(found_work)

    def test_nothing_is_written_about_a_person_under_a_destroyed_key(self) -> None:
        history = with_marks(*ENROLLED_HISTORY, special=ERASED)
        given(Participant, *history).when(
            lambda p: p.suspend(suspended_on=MARCH, reason="Pobyt w szpitalu.", today=TODAY)
        ).then(rejected("subject_erased"))

    def test_eligibility_is_not_guessed(self) -> None:
        history = with_marks(*ENROLLED_HISTORY[:-1], special=ERASED)
        given(Participant, *history).when(
            lambda p: p.enrol(started_on=STARTED, support="SZK/1", **dated)
        ).then(rejected("subject_erased"))

    def test_an_erased_history_still_replays(self) -> None:
        history = with_marks(
            registered(), enrolled, identity=ERASED, monitoring=ERASED, special=ERASED
        )
        participant = given(Participant, *history).aggregate()
        assert participant.started_on == STARTED
        assert participant.personal.current().identity is ERASED
        assert participant.reference is ERASED


def test_a_record_of_unknowns_is_a_record() -> None:
    assert (
        given(Participant, registered(PersonalData()))
        .aggregate()
        .personal.current()
        .value("/special/grounds")
        is SpecialData().grounds
    )
