"""The rules of founding social cooperatives, period by period, and what follows from them."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from services.kasa.domain.enterprise import Enterprise
from services.kasa.domain.founding import Duty, below_since, duties, entitled_needed
from shared.contracts.kasa.vocabulary.enterprises import (
    DutyKind,
    EnterpriseKind,
    EnterpriseState,
    Nature,
)
from shared.testing.scenario import Refusal, fact, given, rejected
from tests.kasa.domain.people import (
    KRS,
    TODAY,
    entered,
    founders,
    outsider,
    place,
    registered,
    uid,
)
from tests.kasa.domain.rules import RULES

ENTERPRISES = RULES.enterprises
Decision = Callable[[Enterprise], object]
NATURAL, LEGAL = Nature.NATURAL, Nature.LEGAL
MEMBER = date(2019, 3, 1)
FOUNDED = date(2019, 1, 31)


def found(on: date, krs: str = KRS) -> Decision:
    return lambda it: it.found(krs=krs, entered_on=on, today=TODAY, rules=ENTERPRISES)


def lacks(*gaps: tuple[str, int, int], article: str, since: str) -> Refusal:
    return rejected(
        "kasa.founding_rule",
        {
            "article": article,
            "rule_from": since,
            "gaps": [{"kind": k, "have": have, "required": need} for k, have, need in gaps],
        },
    )


ACT = "art. 4 and 5"


@pytest.mark.parametrize(
    ("on", "nature", "entitled", "others", "refusal"),
    [
        # 2006: five natural persons, four fifths of them entitled.
        (date(2006, 6, 5), NATURAL, 4, 1, None),
        (
            date(2006, 6, 5),
            NATURAL,
            3,
            2,
            lacks(("entitled", 3, 4), article=ACT, since="2006-06-05"),
        ),
        (
            date(2009, 7, 15),
            NATURAL,
            4,
            0,
            lacks(("founders", 4, 5), article=ACT, since="2006-06-05"),
        ),
        # From 16 July 2009 others may be half of the founders; legal persons found as two.
        (date(2009, 7, 16), NATURAL, 3, 3, None),
        (
            date(2009, 7, 16),
            NATURAL,
            3,
            4,
            lacks(("entitled", 3, 4), article=ACT, since="2009-07-16"),
        ),
        (
            date(2018, 2, 25),
            NATURAL,
            4,
            0,
            lacks(("founders", 4, 5), article=ACT, since="2009-07-16"),
        ),
        (date(2009, 7, 16), LEGAL, 0, 2, None),
        (
            date(2009, 7, 16),
            LEGAL,
            0,
            1,
            lacks(("founders", 1, 2), article="art. 4(2) and 5a", since="2009-07-16"),
        ),
        # 2018: three natural persons.
        (date(2018, 2, 26), NATURAL, 2, 1, None),
        (
            date(2018, 2, 26),
            NATURAL,
            1,
            2,
            lacks(("entitled", 1, 2), article="art. 4, 5 and 5a", since="2018-02-26"),
        ),
        (
            TODAY,
            NATURAL,
            2,
            0,
            lacks(("founders", 2, 3), article="art. 4, 5 and 5a", since="2018-02-26"),
        ),
        (TODAY, LEGAL, 0, 2, None),
        (
            TODAY,
            NATURAL,
            51,
            0,
            lacks(("members_maximum", 51, 50), article="art. 4, 5 and 5a", since="2018-02-26"),
        ),
    ],
)
def test_who_may_found_on_a_day(
    on: date, nature: Nature, entitled: int, others: int, refusal: Refusal | None
) -> None:
    outcome = given(
        Enterprise, registered(founded_by=nature), *founders(entitled, others, nature)
    ).when(found(on))
    if refusal is not None:
        outcome.then(refusal)
    else:
        assert outcome.refusal is None
        (event,) = outcome.recorded
        assert isinstance(event, Enterprise.Founded)
        assert (event.founders, event.entitled) == (entitled + others, entitled)


def test_legal_persons_could_not_found_before_2009() -> None:
    given(Enterprise, registered(founded_by=LEGAL), *founders(0, 2, LEGAL)).when(
        found(date(2009, 7, 15))
    ).then(rejected("rules.none_in_force", {"day": "2009-07-15"}, pointer="/entered_on"))


def test_natural_persons_do_not_found_a_cooperative_of_legal_ones() -> None:
    outcome = given(Enterprise, registered(founded_by=LEGAL), *founders(2, 0)).when(found(TODAY))
    assert outcome.refusal is not None
    assert outcome.refusal.details["gaps"] == [{"kind": "nature", "have": 0, "required": 2}]


def test_a_converted_cooperative_may_have_more_than_fifty_members_since_2018() -> None:
    many = given(Enterprise, registered(converted=True), *founders(51, 0))
    assert many.when(found(TODAY)).refusal is None
    assert many.when(found(date(2010, 1, 4))).refusal is not None


def test_other_kinds_found_without_these_rules() -> None:
    outcome = given(Enterprise, registered(EnterpriseKind.OTHER)).when(found(TODAY))
    assert outcome.refusal is None


@pytest.mark.parametrize(
    ("on", "nature", "expected"),
    [
        (date(2008, 1, 31), NATURAL, ()),
        (
            date(2010, 8, 31),
            LEGAL,
            (Duty(DutyKind.EMPLOY_ENTITLED, "art. 4(2) and 5a", 0, 5, date(2011, 2, 28)),),
        ),
        (
            date(2024, 2, 29),
            LEGAL,
            (Duty(DutyKind.EMPLOY_ENTITLED, "art. 4(2) and 5a", 0, 5, date(2025, 2, 28)),),
        ),
    ],
)
def test_duties_after_founding(on: date, nature: Nature, expected: tuple[Duty, ...]) -> None:
    five = founders(5, 0, nature)
    it = given(Enterprise, registered(founded_by=nature), *five, entered(on)).aggregate()
    assert duties(it, ENTERPRISES) == expected


class TestThreeFounders:
    GROUP = (registered(), *founders(2, 1), entered(FOUNDED))
    ARTICLE = "art. 4, 5 and 5a"

    def test_they_owe_two_employed_and_five_members_within_a_year(self) -> None:
        assert duties(given(Enterprise, *self.GROUP).aggregate(), ENTERPRISES) == (
            Duty(DutyKind.EMPLOY_ENTITLED, self.ARTICLE, 0, 2, date(2020, 1, 31)),
            Duty(DutyKind.ADMIT_MEMBERS, self.ARTICLE, 3, 5, date(2020, 1, 31)),
            Duty(DutyKind.RESTORE_MEMBERS, self.ARTICLE, 3, 5, date(2020, 4, 30)),
        )

    def test_two_entitled_employees_and_two_members_do_it(self) -> None:
        joined = [
            fact(
                Enterprise.MemberJoined,
                MEMBER,
                member_id=uid(10 + number),
                person=outsider(10 + number),
                nature=NATURAL,
                entitled=True,
            )
            for number in range(2)
        ]
        it = given(Enterprise, *self.GROUP, *joined, place(10, MEMBER), place(11, MEMBER))
        assert [each.is_open for each in duties(it.aggregate(), ENTERPRISES)] == [False, False]

    def test_two_places_of_one_person_are_one_employee(self) -> None:
        second = fact(
            Enterprise.JobPlaceCreated,
            MEMBER,
            place_id=uid(200),
            person=outsider(10),
            share="0.50",
            entitled=True,
        )
        it = given(Enterprise, *self.GROUP, place(10, MEMBER), second).aggregate()
        assert duties(it, ENTERPRISES)[0].have == 1


def test_fewer_members_than_five_are_a_ground_for_liquidation_after_three_months() -> None:
    left = fact(Enterprise.MemberLeft, date(2012, 11, 30), member_id=uid(0))
    it = given(Enterprise, registered(), *founders(5, 0), entered(date(2010, 1, 4)), left)
    assert duties(it.aggregate(), ENTERPRISES) == (
        Duty(DutyKind.RESTORE_MEMBERS, ACT, 4, 5, date(2013, 2, 28)),
    )


@any_of(st.integers(0, 60), st.integers(1, 100))
def test_a_share_is_reached_exactly_and_by_no_one_fewer(people: int, percent: int) -> None:
    needed = entitled_needed(people, percent)
    assert needed * 100 >= percent * people
    assert needed == 0 or (needed - 1) * 100 < percent * people


def test_the_day_since_when_members_are_too_few_is_that_of_the_last_fall() -> None:
    it = given(
        Enterprise,
        registered(),
        *founders(5, 0),
        entered(FOUNDED),
        fact(Enterprise.MemberLeft, MEMBER, member_id=uid(0)),
        fact(
            Enterprise.MemberJoined,
            date(2019, 4, 1),
            member_id=uid(20),
            person=outsider(20),
            nature=NATURAL,
            entitled=True,
        ),
        fact(Enterprise.MemberLeft, date(2020, 5, 5), member_id=uid(1)),
    ).aggregate()
    assert below_since(it.members.values(), 5, FOUNDED) == date(2020, 5, 5)
    assert it.state is EnterpriseState.ACTIVE
