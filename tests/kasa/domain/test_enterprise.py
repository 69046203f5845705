"""Members, job places, status and numbers of an enterprise."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from services.kasa.domain.enterprise import Enterprise
from services.kasa.domain.identifiers import checked_identifiers
from shared.contracts.kasa.vocabulary.enterprises import (
    Identifiers,
    LostPlace,
    Nature,
    Person,
)
from shared.kernel.errors import Rejected
from shared.testing.scenario import Fact, fact, given, rejected
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

    @pytest.mark.parametrize("number", ["90010112349", "P/90010112349", "900101-12349"])
    def test_a_pesel_number_is_never_recorded(self, number: str) -> None:
        active, refusal = given(Enterprise, *self.ACTIVE), rejected("kasa.number_is_pesel")
        person = Person(number=number)
        active.when(
            lambda it: it.join(
                uid(9),
                person=person,
                nature=NATURAL,
                entitled=True,
                joined_on=MEMBER,
                today=TODAY,
                rules=ENTERPRISES,
            )
        ).then(refusal)
        active.when(
            lambda it: it.create_job_place(
                uid(9),
                person=person,
                share=Decimal(1),
                entitled=False,
                created_on=MEMBER,
                today=TODAY,
            )
        ).then(refusal)

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
