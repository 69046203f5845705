"""The rules of founding social cooperatives, period by period, and what follows from them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from services.kasa.domain.enterprise import Enterprise
from services.kasa.domain.founding import Duty, below_since, duties, entitled_needed
from services.kasa.domain.identifiers import checked_identifiers
from shared.contracts.kasa.vocabulary.enterprises import (
    DutyKind,
    EnterpriseKind,
    EnterpriseState,
    Identifiers,
    LostPlace,
    Nature,
    Person,
)
from shared.kernel.errors import Rejected
from shared.testing.scenario import Fact, Refusal, fact, given, rejected
from tests.kasa.domain.people import (
    KRS,
    NIP,
    REGISTERED,
    REGON,
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


class TestMembers:
    ACTIVE = (registered(), *founders(2, 2), entered(FOUNDED))

    @staticmethod
    def join(number: int, *, entitled: bool, on: date = MEMBER) -> Decision:
        return lambda it: it.join(
            uid(number),
            person=outsider(number),
            nature=NATURAL,
            entitled=entitled,
            joined_on=on,
            today=TODAY,
            rules=ENTERPRISES,
        )

    def test_others_are_at_most_half(self) -> None:
        given(Enterprise, *self.ACTIVE).when(self.join(9, entitled=False)).then(
            rejected(
                "kasa.entitled_share",
                {
                    "article": "art. 4, 5 and 5a",
                    "rule_from": "2018-02-26",
                    "others_percent": 60,
                    "others_maximum_percent": 50,
                },
            )
        )
        assert given(Enterprise, *self.ACTIVE).when(self.join(9, entitled=True)).refusal is None

    def test_they_are_at_most_fifty(self) -> None:
        full = (registered(), *founders(50, 0), entered(FOUNDED))
        given(Enterprise, *full).when(self.join(99, entitled=True)).then(
            rejected("kasa.members_maximum")
        )
        converted = (registered(converted=True), *founders(50, 0), entered(FOUNDED))
        assert given(Enterprise, *converted).when(self.join(99, entitled=True)).refusal is None

    def test_nobody_is_there_twice(self) -> None:
        given(Enterprise, *self.ACTIVE).when(self.join(1, entitled=True)).then(
            rejected("kasa.member_already", pointer="/person")
        )

    def test_not_before_the_cooperative_was_founded(self) -> None:
        given(Enterprise, *self.ACTIVE).when(
            self.join(9, entitled=True, on=date(2019, 1, 30))
        ).then(rejected("date_too_early"))

    def test_two_participants_who_are_one_person_count_once(self) -> None:
        def founder(who: UUID) -> Fact:
            return fact(
                Enterprise.FounderAdded,
                REGISTERED,
                member_id=who,
                person=Person(participant_id=who),
                nature=NATURAL,
                entitled=True,
            )

        three = [founder(uid(number)) for number in range(3)]
        merged = fact(Enterprise.PersonReplaced, REGISTERED, out=uid(0), into=uid(1))
        outcome = given(Enterprise, registered(), *three, merged).when(found(TODAY))
        assert outcome.refusal is not None
        assert outcome.refusal.details["gaps"][0] == {
            "kind": "founders",
            "have": 2,
            "required": 3,
        }


class TestStatus:
    ACTIVE = (registered(), *founders(5, 0), entered(FOUNDED))

    @staticmethod
    def grant(on: date, *, reintegration: bool = False) -> Decision:
        return lambda it: it.grant_status(
            decision="PS/1/2023",
            reintegration=reintegration,
            granted_on=on,
            today=TODAY,
            rules=ENTERPRISES,
        )

    def test_it_takes_three_employees(self) -> None:
        two = (place(0, MEMBER), place(1, MEMBER))
        given(Enterprise, *self.ACTIVE, *two).when(self.grant(date(2023, 1, 2))).then(
            rejected("kasa.status_rule")
        )
        three = (*two, place(2, MEMBER))
        outcome = given(Enterprise, *self.ACTIVE, *three).when(self.grant(date(2023, 1, 2)))
        assert outcome.refusal is None

    def test_a_third_of_them_entitled_for_reintegration(self) -> None:
        none = [place(number, MEMBER, entitled=False) for number in range(4)]
        given(Enterprise, *self.ACTIVE, *none).when(
            self.grant(date(2023, 1, 2), reintegration=True)
        ).then(rejected("kasa.status_rule"))
        given(Enterprise, *self.ACTIVE, *none, place(5, MEMBER)).when(
            self.grant(date(2023, 1, 2), reintegration=True)
        ).then(rejected("kasa.status_rule"))
        two = (place(5, MEMBER), place(6, MEMBER))
        outcome = given(Enterprise, *self.ACTIVE, *none, *two).when(
            self.grant(date(2023, 1, 2), reintegration=True)
        )
        assert outcome.refusal is None

    def test_there_was_none_before_the_act(self) -> None:
        given(Enterprise, *self.ACTIVE).when(self.grant(date(2022, 10, 29))).then(
            rejected("rules.none_in_force")
        )


def test_when_an_enterprise_closes_its_job_places_are_lost() -> None:
    outcome = given(
        Enterprise, registered(), *founders(5, 0), entered(FOUNDED), place(1, MEMBER)
    ).when(lambda it: it.close(closed_on=TODAY, today=TODAY))
    lost, closed = outcome.recorded
    assert isinstance(lost, Enterprise.JobPlaceLost)
    assert lost.cause is LostPlace.ENTERPRISE_CLOSED
    assert isinstance(closed, Enterprise.Closed)


def test_a_vacant_place_has_no_entitled_person() -> None:
    given(Enterprise, registered(), *founders(5, 0), entered(FOUNDED)).when(
        lambda it: it.create_job_place(
            uid(100), person=None, share=Decimal(1), entitled=True, created_on=MEMBER, today=TODAY
        )
    ).then(rejected("kasa.entitled_place_vacant", pointer="/entitled"))


@pytest.mark.parametrize(
    ("identifiers", "code"),
    [
        (Identifiers(nip="5260250994"), "kasa.nip_invalid"),
        (Identifiers(regon="123456786"), "kasa.regon_invalid"),
        (Identifiers(regon="12345678612347"), "kasa.regon_invalid"),
        (Identifiers(krs="0000000000"), "kasa.krs_invalid"),
    ],
)
def test_numbers_that_cannot_be_are_refused(identifiers: Identifiers, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        checked_identifiers(identifiers)
    assert refused.value.code == code


def test_numbers_are_recorded_in_their_normal_form() -> None:
    given_as = Identifiers(nip="526-025-09-95", regon="12345678512347", krs=KRS)
    assert checked_identifiers(given_as) == Identifiers(nip=NIP, regon="12345678512347", krs=KRS)
    assert checked_identifiers(Identifiers(regon=REGON)).regon == REGON


@pytest.mark.parametrize("kind", [{"krs": "123"}, {"regon": "1234567"}, {"nip": "abc"}])
def test_numbers_of_another_shape_are_no_numbers(kind: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(kind))):
        Identifiers(**kind)


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
