"""What can be wrong with a file, a row or a cell: codes, with their texts in Polish and English."""

from collections.abc import Mapping
from typing import NamedTuple

from shared.contracts.rows import RowError
from shared.kernel.errors import Rejected

SHOWN = 80
"""Characters of a rejected value that an error repeats."""


class Text(NamedTuple):
    """One text in both languages."""

    pl: str
    en: str


TEXTS: Mapping[str, Text] = {
    # the file
    "file_type": Text("To nie jest plik XLSX ani CSV.", "This is neither an XLSX nor a CSV file."),
    "old_excel": Text(
        "To plik XLS albo plik chroniony hasłem; zapisz go jako XLSX bez hasła.",
        "This is an XLS file or one protected by a password; save it as XLSX without password.",
    ),
    "empty": Text("Plik nie zawiera wierszy.", "The file contains no rows."),
    "header_only": Text(
        "Plik ma tylko nagłówek: pod nim nie ma żadnego wiersza do wczytania.",
        "The file has a header only: there is no row under it to import.",
    ),
    "encoding": Text(
        "Kodowanie nie jest ani UTF-8, ani Windows-1250.",
        "The encoding is neither UTF-8 nor Windows-1250.",
    ),
    "unreadable": Text(
        "Plik jest uszkodzony i nie daje się odczytać.", "The file is damaged and cannot be read."
    ),
    "malformed": Text(
        "Wiersz jest źle zapisany: niedomknięty cudzysłów albo tekst po cudzysłowie.",
        "The row is malformed: an unclosed quotation mark, or text after a closed one.",
    ),
    "file_too_large": Text(
        "Plik po rozpakowaniu przekracza {limit} MB.",
        "The file exceeds {limit} MB when unpacked.",
    ),
    "too_many_rows": Text(
        "Plik ma więcej niż {limit} wierszy; podziel go.",
        "The file has more than {limit} rows; split it.",
    ),
    "too_many_columns": Text(
        "Wiersz ma więcej niż {limit} kolumn.", "The row has more than {limit} columns."
    ),
    "row_too_long": Text(
        "Wiersz albo jego komórka ma więcej niż {limit} znaków.",
        "The row or a cell of it has more than {limit} characters.",
    ),
    # the header
    "unknown_column": Text("Nieznana kolumna.", "Unknown column."),
    "misspelt_column": Text(
        "Nieznana kolumna; czy chodzi o „{suggestion}”?",
        "Unknown column; did you mean “{suggestion}”?",
    ),
    "missing_column": Text("Brakuje kolumny.", "The column is missing."),
    "duplicate_column": Text(
        "Ta kolumna już wystąpiła jako „{first}”.", "This column appeared already as “{first}”."
    ),
    "unnamed_column": Text(
        "Komórka leży w kolumnie bez nagłówka.", "The cell stands in a column without a header."
    ),
    # the cell
    "required": Text("Komórka nie może być pusta.", "The cell must not be blank."),
    "formula": Text(
        "Formuły są niedozwolone; wklej wartość.", "Formulas are not allowed; paste the value."
    ),
    "formula_like": Text(
        "Tekst nie może zaczynać się znakiem = + - @, bo arkusz uznałby go za formułę.",
        "Text must not begin with = + - @, a spreadsheet would take it for a formula.",
    ),
    "error_value": Text(
        "Komórka zawiera błąd arkusza albo niemożliwą datę.",
        "The cell holds a spreadsheet error or an impossible date.",
    ),
    "too_long": Text("Najwyżej {limit} znaków.", "At most {limit} characters."),
    "date_format": Text(
        "Oczekiwano istniejącej daty rrrr-mm-dd albo dd.mm.rrrr.",
        "Expected an existing date yyyy-mm-dd or dd.mm.yyyy.",
    ),
    "date_not_expected": Text("Tu nie oczekuje się daty.", "No date is expected here."),
    "date_in_future": Text(
        "Data z przyszłości; dziś jest {today}.", "A date in the future; today is {today}."
    ),
    "not_allowed": Text("Dozwolone: {allowed}.", "Allowed: {allowed}."),
    "format": Text("Oczekiwano: {expected}.", "Expected: {expected}."),
    # the row
    "incomplete": Text("Wymagane razem z: {together}.", "Required together with: {together}."),
    "rule": Text("Odrzucone przez reguły.", "Refused by the rules."),
}


class CellRefused(Exception):
    """A cell is not a value of its column; `name` and `facts` make the text."""

    def __init__(self, name: str, **facts: Text | str | int) -> None:
        super().__init__(name)
        self.name = name
        self.facts = facts


class ImportRefused(Rejected):
    """The file as a whole cannot be imported; `errors` say where and why, at least one."""

    def __init__(self, *errors: RowError) -> None:
        first = errors[0]
        super().__init__(first.code, {"row": first.row, "column": first.column})
        self.errors = errors


class Wording:
    """The texts of a service's imports: those of all tables, and its own."""

    def __init__(self, own: Mapping[str, Text]) -> None:
        self._texts = {**TEXTS, **own}

    def row_error(
        self,
        name: str,
        row: int,
        column: str = "",
        value: object = None,
        **facts: Text | str | int,
    ) -> RowError:
        """The error at a cell, with both texts.

        `name` is the code of a refusal of the domain, or that of a text without its `import_`.
        """
        code = f"import_{name}" if name in self._texts and "." not in name else name
        return self._error(code, name, row, column, value, **facts)

    def refusal_error(self, code: str, row: int) -> RowError:
        """What the domain refused of a whole row; the code stays as it is."""
        return self._error(code, code, row, "", None)

    def _error(
        self,
        code: str,
        name: str,
        row: int,
        column: str,
        value: object,
        **facts: Text | str | int,
    ) -> RowError:
        texts = self._texts.get(name, self._texts["rule"])
        return RowError(
            row=row,
            column=column,
            code=code,
            value=shown(value),
            message_pl=texts.pl.format(**{key: _in(0, fact) for key, fact in facts.items()}),
            message_en=texts.en.format(**{key: _in(1, fact) for key, fact in facts.items()}),
        )


row_error = Wording({}).row_error


def refused(name: str, row: int = 1, **facts: Text | str | int) -> ImportRefused:
    """The whole file refused for one reason, found at a row."""
    return ImportRefused(row_error(name, row, "", None, **facts))


def shown(value: object) -> str | None:
    """What an error repeats of a rejected value."""
    if value is None:
        return None
    text = str(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _in(language: int, fact: Text | str | int) -> str | int:
    return fact[language] if isinstance(fact, Text) else fact
