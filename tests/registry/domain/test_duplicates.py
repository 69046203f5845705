"""Two records of one person: found, decided upon, merged, and told apart again."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from services.registry.domain.duplicates import CaseState, DuplicateCase, case_id
from services.registry.domain.likeness import BlockingPurpose, blocking_keys, likeness
from services.registry.domain.participant import Participant
from services.registry.domain.personal_record import Personal
from shared.contracts.registry.vocabulary import (
    IdentityData,
    Likeness,
    LikenessReason,
    MonitoringData,
    OtherId,
    PersonalData,
    Status,
)
from shared.kernel.personal import ERASED
from shared.testing.scenario import fact, given, rejected
from tests.registry.domain.people import (
    ADMITTED,
    ADMITTED_HISTORY,
    DECIDER,
    ENROLLED_HISTORY,
    RULES,
    STARTED,
    TODAY,
    enrolled,
    registered,
)

RULE = RULES.likeness.on(TODAY)
FIRST = UUID("00000000-0000-4000-8000-0000000000a1")
SECOND = UUID("00000000-0000-4000-8000-0000000000a2")
CASE = case_id(FIRST, SECOND)
SAME_PESEL = Likeness(reason=LikenessReason.SAME_PESEL, percent=100)
SIMILAR = Likeness(reason=LikenessReason.SIMILAR_NAME_AND_BIRTH_DATE, percent=95)
MARCH = date(2026, 3, 2)


def person(
    name: str = "Anna Nowak",
    born_on: date | None = date(1990, 4, 12),
    pesel: str | None = None,
    document: str | None = None,
) -> Personal:
    given_name, family_name = name.split(" ", 1)
    other_id = OtherId(type="passport", number=document, country="UA") if document else None
    identity = IdentityData(
        given_name=given_name, family_name=family_name, pesel=pesel, other_id=other_id
    )
    return Personal.of(PersonalData(identity=identity, monitoring=MonitoringData(born_on=born_on)))


def reason(one: Personal, other: Personal) -> LikenessReason | None:
    found = likeness(one, other, RULE)
    assert found == likeness(other, one, RULE)
    return found.reason if found else None


class TestLikeness:
    def test_the_same_pesel_whatever_the_names(self) -> None:
        one, other = person(pesel="85031512344"), person("Jan Lis", None, pesel="85031512344")
        assert reason(one, other) is LikenessReason.SAME_PESEL

    def test_the_same_document_however_it_is_spaced(self) -> None:
        one, other = person(document="FA 123456"), person("Jan Lis", None, document="fa123456")
        assert reason(one, other) is LikenessReason.SAME_DOCUMENT

    @pytest.mark.parametrize(
        "name",
        [
            "Anna Nowak",
            "ANNA NOWAK",
            "Nowak Anna",
            "Anna Novak",
            "Anna Maria Nowak",
            "Anna Nowak-Kowalska",
            "Ana Nowak",
        ],
    )
    def test_a_similar_name_and_the_same_birth_date(self, name: str) -> None:
        assert reason(person(), person(name)) is LikenessReason.SIMILAR_NAME_AND_BIRTH_DATE

    def test_accents_do_not_tell_people_apart(self) -> None:
        assert reason(person("Łucja Żółć"), person("Lucja Zolc")) is not None

    @pytest.mark.parametrize("name", ["Jan Kowalski", "Anna Wójcik", "Marek Nowak"])
    def test_another_name_is_another_person(self, name: str) -> None:
        assert reason(person(), person(name)) is None

    @pytest.mark.parametrize(
        ("born_on", "alike"),
        [
            (date(1990, 12, 4), True),
            (date(1990, 4, 13), True),
            (date(1991, 4, 12), True),
            (date(1990, 5, 13), False),
            (date(1985, 4, 13), False),
            (None, False),
        ],
    )
    def test_a_slip_of_the_pen_in_the_birth_date(
        self, born_on: date | None, *, alike: bool
    ) -> None:
        assert (reason(person(), person(born_on=born_on)) is not None) is alike

    def test_two_valid_pesels_are_two_persons(self) -> None:
        assert reason(person(pesel="85031512344"), person(pesel="44051401359")) is None

    def test_an_erased_record_resembles_nobody(self) -> None:
        erased = Personal(ERASED, ERASED, ERASED)
        assert reason(person(), erased) is None
        assert blocking_keys(erased) == frozenset()
        assert reason(person(), Personal(person().identity, ERASED, ERASED)) is None


class TestBlockingKeys:
    def test_a_record_is_found_by_what_it_holds(self) -> None:
        keys = {key.purpose: key.value for key in blocking_keys(person(document="FA 12-34"))}
        assert keys == {
            BlockingPurpose.DOCUMENT: "UA/FA1234",
            BlockingPurpose.BIRTH_DATE: "1990-04-12",
            BlockingPurpose.NAME: "ana novak",
        }

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Katarzyna Krzak", "Katażyna Kżak"),
            ("Jan Chudy", "Jan Hudy"),
            ("Józef Góra", "Juzef Gura"),
        ],
    )
    def test_spellings_of_one_sound_meet_even_with_a_slip_in_the_birth_date(
        self, one: str, other: str
    ) -> None:
        first, second = person(one, date(1990, 4, 12)), person(other, date(1990, 12, 4))
        assert blocking_keys(first) & blocking_keys(second)

    names = st.sampled_from(
        ["Anna Nowak", "Ana Nowak", "Anna Novak", "Nowak Anna", "Jan Lis", "Anna Nowak-Lis"]
    )
    days = st.sampled_from([date(1990, 4, 12), date(1990, 12, 4), date(1990, 4, 13), None])
    documents = st.sampled_from([None, "FA 1", "fa1", "B2"])
    people = st.builds(person, names, days, st.none(), documents)

    @over(people, people)
    def test_a_likely_pair_meets_unless_name_and_birth_date_are_both_mistaken(
        self, one: Personal, other: Personal
    ) -> None:
        if likeness(one, other, RULE) and not blocking_keys(one) & blocking_keys(other):
            assert one.value("/monitoring/born_on") != other.value("/monitoring/born_on")
            assert one.value("/identity/family_name") != other.value("/identity/family_name")


suspected = fact(DuplicateCase.Suspected, ADMITTED, first=FIRST, second=SECOND, likeness=SAME_PESEL)
dismissed = fact(DuplicateCase.Dismissed, MARCH, decided_by=DECIDER, justification="Dwie osoby.")
merged = fact(
    DuplicateCase.Merged,
    MARCH,
    kept=FIRST,
    merged=SECOND,
    decided_by=DECIDER,
    justification="Ta sama osoba.",
)
undone = fact(
    DuplicateCase.MergeUndone,
    MARCH,
    kept=FIRST,
    merged=SECOND,
    decided_by=DECIDER,
    justification="Jednak dwie.",
)


def suspect(case: DuplicateCase, why: Likeness = SAME_PESEL) -> None:
    case.suspect(first=FIRST, second=SECOND, likeness=why, suspected_on=ADMITTED)


def merge(case: DuplicateCase, **changes: Any) -> None:
    call = {
        "kept": FIRST,
        "decided_on": MARCH,
        "justification": "Ta sama osoba.",
        "by": DECIDER,
        "today": TODAY,
    }
    case.merge(**{**call, **changes})


class TestCase:
    def test_a_pair_has_one_case(self) -> None:
        assert case_id(FIRST, SECOND) == case_id(SECOND, FIRST)

    def test_a_suspicion_says_why(self) -> None:
        given(DuplicateCase, stream=CASE).when(suspect).then(suspected)

    def test_the_same_suspicion_again_is_nothing_new(self) -> None:
        given(DuplicateCase, suspected, stream=CASE).when(suspect).then()
        given(DuplicateCase, suspected, dismissed, stream=CASE).when(suspect).then()
        given(DuplicateCase, suspected, merged, stream=CASE).when(suspect).then()

    def test_a_dismissed_case_is_opened_again_for_another_reason(self) -> None:
        similar = fact(suspected.event_class, ADMITTED, **{**suspected.values, "likeness": SIMILAR})
        given(DuplicateCase, similar, dismissed, stream=CASE).when(suspect).then(suspected)

    def test_two_records_may_be_two_persons(self) -> None:
        given(DuplicateCase, suspected, stream=CASE).when(
            lambda case: case.dismiss(
                decided_on=MARCH, justification="Dwie osoby.", by=DECIDER, today=TODAY
            )
        ).then(dismissed)

    def test_two_records_may_be_one_person(self) -> None:
        given(DuplicateCase, suspected, stream=CASE).when(merge).then(merged)

    def test_a_dismissal_may_have_been_mistaken(self) -> None:
        given(DuplicateCase, suspected, dismissed, stream=CASE).when(merge).then(merged)

    def test_only_a_record_of_the_case_is_kept(self) -> None:
        given(DuplicateCase, suspected, stream=CASE).when(lambda c: merge(c, kept=CASE)).then(
            rejected("registry.kept_not_in_case", pointer="/kept")
        )

    def test_a_decision_is_not_older_than_the_suspicion_nor_of_tomorrow(self) -> None:
        scenario = given(DuplicateCase, suspected, stream=CASE)
        scenario.when(lambda c: merge(c, decided_on=date(2026, 1, 14))).then(
            rejected("date_too_early", {"not_before": "2026-01-15"})
        )
        scenario.when(lambda c: merge(c, decided_on=date(2026, 10, 2))).then(
            rejected("date_in_future")
        )

    def test_a_merge_can_be_undone_and_decided_again(self) -> None:
        given(DuplicateCase, suspected, merged, stream=CASE).when(
            lambda case: case.undo_merge(
                decided_on=MARCH, justification="Jednak dwie.", by=DECIDER, today=TODAY
            )
        ).then(undone)
        case = given(DuplicateCase, suspected, merged, undone, stream=CASE).aggregate()
        assert (case.state, case.kept) == (CaseState.DISMISSED, None)

    def test_what_is_not_merged_is_not_undone(self) -> None:
        given(DuplicateCase, suspected, stream=CASE).when(
            lambda case: case.undo_merge(
                decided_on=MARCH, justification="Jednak dwie.", by=DECIDER, today=TODAY
            )
        ).then(rejected("registry.wrong_state", {"state": "suspected", "allowed": ["merged"]}))


class TestMergedParticipant:
    merged_into_first = fact(Participant.MergedInto, MARCH, into=FIRST, case_id=CASE)

    def test_the_merged_record_points_to_the_one_that_goes_on(self) -> None:
        kept = given(Participant, *ENROLLED_HISTORY, stream=FIRST).aggregate()
        given(Participant, *ADMITTED_HISTORY, stream=SECOND).when(
            lambda p: p.merge_into(kept, case_id=CASE, decided_on=MARCH)
        ).then(self.merged_into_first)

    def test_nothing_more_happens_to_a_merged_record(self) -> None:
        history = (*ADMITTED_HISTORY, self.merged_into_first)
        participant = given(Participant, *history, stream=SECOND).aggregate()
        assert participant.status is Status.MERGED
        given(Participant, *history, stream=SECOND).when(
            lambda p: p.enrol(started_on=STARTED, support="SZK/1", today=TODAY, rules=RULES)
        ).then(rejected("registry.wrong_status"))

    def test_undone_it_goes_on_where_it_stood(self) -> None:
        undone = fact(Participant.MergeUndone, MARCH, out_of=FIRST, case_id=CASE)
        history = (*ADMITTED_HISTORY, self.merged_into_first)
        given(Participant, *history, stream=SECOND).when(
            lambda p: p.undo_merge(case_id=CASE, decided_on=MARCH)
        ).then(undone)
        participant = given(Participant, *history, undone, stream=SECOND).aggregate()
        assert participant.status is Status.ADMITTED

    @pytest.mark.parametrize(
        "kept",
        [ADMITTED_HISTORY, (registered(), fact(enrolled.event_class, MARCH, support="SZK/2"))],
    )
    def test_the_record_with_the_first_start_is_the_one_that_is_kept(self, kept: Any) -> None:
        later = given(Participant, *kept, stream=FIRST).aggregate()
        given(Participant, *ENROLLED_HISTORY, stream=SECOND).when(
            lambda p: p.merge_into(later, case_id=CASE, decided_on=MARCH)
        ).then(rejected("registry.kept_started_later", pointer="/kept"))

    def test_a_merged_record_is_not_kept(self) -> None:
        gone = given(
            Participant,
            registered(),
            fact(Participant.MergedInto, MARCH, into=SECOND, case_id=CASE),
            stream=FIRST,
        ).aggregate()
        given(Participant, registered(), stream=SECOND).when(
            lambda p: p.merge_into(gone, case_id=CASE, decided_on=MARCH)
        ).then(rejected("registry.kept_not_usable", pointer="/kept"))
