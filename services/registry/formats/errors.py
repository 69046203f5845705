"""What the registry says of a participant file, beside what is said of every table."""

from collections.abc import Mapping
from typing import Final

from shared.runtime.tables.errors import Text, Wording

TEXTS: Mapping[str, Text] = {
    "date_without_rules": Text(
        "Na ten dzień nie ma obowiązujących zasad projektu.",
        "No rules of the project are in force on that day.",
    ),
    # what the registry's rules refuse
    "registry.pesel_invalid": Text(
        "Numer PESEL jest błędny ({defect}).", "The PESEL number is wrong ({defect})."
    ),
    "registry.teryt_invalid": Text(
        "Nie ma gminy o takim kodzie.", "There is no commune with such a code."
    ),
    "registry.birth_date_implausible": Text(
        "Taka data urodzenia jest niemożliwa.", "Such a birth date is impossible."
    ),
    "registry.unemployed_since_implausible": Text(
        "Data leży w przyszłości albo przed urodzeniem.",
        "The date lies in the future or before birth.",
    ),
    "partner_out_of_scope": Text(
        "Ten partner jest poza Twoim zakresem.", "This partner is outside your scope."
    ),
    "registry.registered_elsewhere": Text(
        "Tej osoby nie można zapisać u tego partnera; wyjaśnij to z koordynatorem projektu.",
        "This person cannot be recorded at this partner; ask the project's coordinator.",
    ),
    "registry.ambiguous_match": Text(
        "Do tej osoby pasuje więcej niż jeden wpis.", "More than one record matches this person."
    ),
    "rule": Text("Odrzucone przez reguły rejestru.", "Refused by the registry's rules."),
    "unidentified": Text(
        "Wiersz nie wskazuje osoby: podaj imię i nazwisko, PESEL, dokument albo sygnaturę.",
        "The row names nobody: give both names, a PESEL, a document or a file number.",
    ),
    "repeated": Text(
        "Ta sama osoba jest już w wierszu {first}.", "The same person is already in row {first}."
    ),
}
WORDING: Final = Wording(TEXTS)
row_error = WORDING.row_error
refusal_error = WORDING.refusal_error
