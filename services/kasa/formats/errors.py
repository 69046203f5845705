"""What kasa says of a bank statement, beside what is said of every table."""

from collections.abc import Mapping

from shared.runtime.tables.errors import Text, Wording

TEXTS: Mapping[str, Text] = {
    "amount_format": Text(
        "Oczekiwano kwoty, np. 1 234,56 albo -1234.56.", "Expected an amount, e.g. 1 234,56."
    ),
    "amount_precision": Text(
        "Kwota ma najwyżej dwa miejsca po przecinku.", "An amount has at most two decimal places."
    ),
    "amount_zero": Text("Kwota nie może być zerem.", "The amount must not be zero."),
    "currency": Text("Oczekiwano: PLN albo EUR.", "Expected: PLN or EUR."),
    "bank_reference": Text(
        "Oczekiwano numeru operacji banku: litery, cyfry i znaki . / _ -, do 60.",
        "Expected the bank's reference: letters, digits and . / _ -, at most 60.",
    ),
    "account": Text(
        "Oczekiwano numeru IBAN z poprawną sumą kontrolną.",
        "Expected an IBAN with right check digits.",
    ),
    "bank_day": Text(
        "Oczekiwano istniejącej daty z lat od 2000 do 2099.",
        "Expected an existing date of the years 2000 to 2099.",
    ),
    "statement_field": Text(
        "Pole :{tag}: ma zły zapis albo złe miejsce.",
        "Field :{tag}: is malformed or out of place.",
    ),
    "balance": Text(
        "Saldo końcowe nie wynika z salda początkowego i operacji.",
        "The closing balance does not follow from the opening balance and the lines.",
    ),
    "truncated": Text(
        "Wyciąg urywa się przed saldem końcowym.", "The statement ends before its closing balance."
    ),
    "not_booked": Text("Operacja nie jest zaksięgowana.", "The entry is not booked."),
    "batched": Text(
        "Jedna operacja zbiera wiele przelewów; potrzebny jest wyciąg z pojedynczymi.",
        "One entry holds several transfers; a statement with single ones is needed.",
    ),
    "statement_type": Text(
        "To nie jest wyciąg w formacie CSV, XLSX, MT940 ani CAMT.053.",
        "This is no statement in CSV, XLSX, MT940 or CAMT.053.",
    ),
    "date_in_future": Text(
        "Data z przyszłości; najpóźniej {not_after}.", "A date in the future; at most {not_after}."
    ),
    "date_too_early": Text(
        "Data sprzed otwarcia ksiąg tego źródła ({not_before}).",
        "A date before the books of this source were opened ({not_before}).",
    ),
    "kasa.bank_reference_reused": Text(
        "Pod tym numerem operacji wczytano już inną operację.",
        "Another booking was imported under this bank reference before.",
    ),
    "reference_conflict": Text(
        "Ten numer operacji ma w wierszu {first} inną treść.",
        "In row {first} the same bank reference stands for something else.",
    ),
}
row_error = Wording(TEXTS).row_error
