"""The sign-in list: everybody in order, on as few sheets as fit, each sheet complete in itself."""

from uuid import UUID

import pytest

from services.training.formats.sign_in_list import LAST_ROWS, ROWS, sign_in_list_pdf
from shared.contracts.vocabulary import PersonName
from shared.runtime.typesetting import polish_order
from tests.training.formats.documents import PROJECT, pages, session_sheet


def printed(participants: int) -> list[str]:
    names = {
        UUID(int=place): PersonName(given_name="Żaneta", family_name=f"Świerszcz{place:03}")
        for place in range(participants)
    }
    return pages(sign_in_list_pdf(session_sheet(participants), names, PROJECT))


@pytest.mark.parametrize(
    ("participants", "sheets"),
    [(1, 1), (LAST_ROWS, 1), (LAST_ROWS + 1, 2), (ROWS, 2), (30, 2), (100, 6)],
)
def test_everybody_has_one_row_and_every_sheet_its_head(participants: int, sheets: int) -> None:
    found = printed(participants)
    assert len(found) == sheets
    for number, page in enumerate(found, start=1):
        assert f"Strona {number} z {sheets}" in page
        for words in (
            "Lista obecności",
            "Prowadzenie przedsiębiorstwa społecznego",
            "PS/2026/1",
            "09:00",
            "315 min",
            "środków Europejskiego Funduszu Społecznego",
            "Podpis uczestnika",
        ):
            assert words in page
    whole = "\n".join(found)
    for place in range(participants):
        assert whole.count(f"Świerszcz{place:03} Żaneta") == 1
    assert "Podpis trenera" in found[-1]
    assert whole.count("Podpis trenera") == 1
    assert "Świerszcz" in found[-1]


def test_a_typical_group_fits_on_one_sheet() -> None:
    assert LAST_ROWS >= 15


def test_who_has_no_name_stands_with_the_id() -> None:
    (page,) = pages(sign_in_list_pdf(session_sheet(1), {}, PROJECT))
    assert str(UUID(int=0)) in page


def test_names_stand_in_the_order_of_the_polish_alphabet() -> None:
    ordered = ["Abc", "Ąbc", "Lis", "Łuk", "Müller", "Nowak", "Ńuk", "Zając", "Źrebiec", "Żak"]
    assert sorted(set(ordered), key=polish_order) == ordered


def test_a_very_long_name_takes_two_lines_of_its_row() -> None:
    name = PersonName(
        given_name="Krystyna Wacława Honorata",
        family_name="Brzęczyszczykiewicz-Grzegżółkowska-Źdźbłowska",
    )
    (page,) = pages(sign_in_list_pdf(session_sheet(1), {UUID(int=0): name}, PROJECT))
    together = "".join(page.split())
    assert "Brzęczyszczykiewicz-Grzegżółkowska-ŹdźbłowskaKrystynaWacławaHonorata" in together
