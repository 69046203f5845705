"""Identifiers: what cannot be true is refused, contradictions are reported."""

from datetime import date

import pytest
from hypothesis import given as over
from hypothesis import strategies as st
from stdnum.pl import pesel as pesel_number

from services.registry.domain.identifiers import (
    birth_date,
    checked,
    checked_pesel,
    checked_teryt,
    discrepancies,
)
from services.registry.domain.personal_record import Personal
from shared.contracts.registry.vocabulary import (
    Discrepancy,
    IdentityData,
    MonitoringData,
    PersonalData,
    Sex,
)
from shared.kernel.errors import Rejected
from shared.kernel.personal import ERASED
from tests.registry.domain.people import ADAM, RULES, TODAY, ZOFIA

CENTURY = {18: 80, 19: 0, 20: 20, 21: 40, 22: 60}
"""What is added to the month of a PESEL, by century of birth."""


def pesel_of(born_on: date, serial: int = 1234) -> str:
    month = born_on.month + CENTURY[born_on.year // 100]
    digits = f"{born_on.year % 100:02}{month:02}{born_on.day:02}{serial:04}"
    return digits + pesel_number.calc_check_digit(digits)


class TestPesel:
    @pytest.mark.parametrize("number", ["44051401359", "02270803624", "440514 01359"])
    def test_checksum_and_date_hold(self, number: str) -> None:
        assert checked_pesel(number, TODAY) == number.replace(" ", "")

    @pytest.mark.parametrize(
        ("number", "defect"),
        [
            ("44051401358", "InvalidChecksum"),
            ("00000000000", "InvalidComponent"),
            ("4405140135", "InvalidLength"),
            ("4405140135X", "InvalidFormat"),
            ("", "InvalidFormat"),
            (pesel_of(date(2026, 10, 2)), "BirthDateInFuture"),
        ],
    )
    def test_what_is_no_pesel_is_refused_and_never_repeated(self, number: str, defect: str) -> None:
        with pytest.raises(Rejected) as refusal:
            checked_pesel(number, TODAY)
        assert refusal.value.code == "registry.pesel_invalid"
        assert refusal.value.details == {"defect": defect}
        assert refusal.value.pointer == "/personal/identity/pesel"

    @over(st.dates(date(1800, 1, 1), TODAY), st.integers(0, 9999))
    def test_every_day_of_birth_since_1800_has_one(self, born_on: date, serial: int) -> None:
        number = checked_pesel(pesel_of(born_on, serial), TODAY)
        record = Personal.of(PersonalData(identity=IdentityData(pesel=number)))
        assert birth_date(record) == born_on

    @over(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 10), st.integers(1, 9))
    def test_any_single_wrong_digit_is_found(self, born_on: date, place: int, by: int) -> None:
        right = pesel_of(born_on)
        wrong = f"{right[:place]}{(int(right[place]) + by) % 10}{right[place + 1 :]}"
        with pytest.raises(Rejected):
            checked_pesel(wrong, TODAY)


class TestDiscrepancies:
    def test_a_record_that_agrees_with_its_pesel_has_none(self) -> None:
        assert discrepancies(Personal.of(ZOFIA)) == discrepancies(Personal.of(ADAM)) == ()

    def test_declared_sex_and_birth_date_are_compared_and_kept(self) -> None:
        declared = MonitoringData(sex=Sex.MALE, born_on=date(1985, 3, 16))
        personal = checked(ZOFIA.model_copy(update={"monitoring": declared}), TODAY, RULES)
        assert discrepancies(Personal.of(personal)) == (
            Discrepancy(field="/monitoring/born_on", contradicts="/identity/pesel"),
            Discrepancy(field="/monitoring/sex", contradicts="/identity/pesel"),
        )
        assert personal.monitoring == declared

    def test_nothing_is_compared_with_what_is_erased(self) -> None:
        assert discrepancies(Personal(ERASED, ZOFIA.monitoring, ZOFIA.special)) == ()


class TestTeryt:
    @pytest.mark.parametrize("code", ["2261011", "0201022", "1465188", "3263011"])
    def test_a_commune_of_an_existing_voivodeship(self, code: str) -> None:
        assert checked_teryt(code, TODAY, RULES) == code

    @pytest.mark.parametrize("code", ["0101011", "3401011", "2200011", "2261017", "2261010"])
    def test_no_such_voivodeship_county_or_kind_of_unit(self, code: str) -> None:
        with pytest.raises(Rejected) as refusal:
            checked_teryt(code, TODAY, RULES)
        assert refusal.value.code == "registry.teryt_invalid"


class TestPlausibility:
    @pytest.mark.parametrize("born_on", [date(2026, 10, 2), date(1905, 12, 31)])
    def test_a_birth_date_that_nobody_living_has(self, born_on: date) -> None:
        personal = PersonalData(monitoring=MonitoringData(born_on=born_on))
        with pytest.raises(Rejected) as refusal:
            checked(personal, TODAY, RULES)
        assert refusal.value.code == "registry.birth_date_implausible"

    @pytest.mark.parametrize("since", [date(2026, 10, 2), date(1985, 3, 14)])
    def test_nobody_is_unemployed_before_birth_or_from_tomorrow(self, since: date) -> None:
        declared = MonitoringData(born_on=date(1985, 3, 15), unemployed_since=since)
        with pytest.raises(Rejected) as refusal:
            checked(PersonalData(monitoring=declared), TODAY, RULES)
        assert refusal.value.code == "registry.unemployed_since_implausible"
