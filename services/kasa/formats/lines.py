"""From what any format says of a booking to a statement line, or to all that is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from services.kasa.formats.errors import row_error
from shared.contracts.kasa.vocabulary.bank import Direction, StatementLine
from shared.contracts.rows import RowError
from shared.kernel.money import Currency

_AMOUNT: Final = re.compile(
    r"([+-]?)(\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:[.,](\d*))?", re.ASCII
)
CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "bank_reference": "bank_reference",
        "booked_on": "bank_day",
        "value_on": "bank_day",
        "amount": "amount_format",
        "payer_account": "account",
        "title": "too_long",
    }
)
"""What is said of a field that a line cannot have."""


@dataclass(frozen=True)
class ReadLine:
    """One booking: `line` is None exactly if there are errors. `row` counts as a person does: rows of
    a table, lines of an MT940 file, entries of a CAMT.053 document.
    """

    row: int
    line: StatementLine | None
    errors: tuple[RowError, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    """What the fields of a line are called in the file."""


class AmountRefused(ValueError):
    """The text is no amount; the first argument is the code of the error."""


def exact_amount(text: str) -> Decimal:
    """An amount as banks and people write it, with its sign. Raises `AmountRefused`."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None or len(text) > 30:
        raise AmountRefused("amount_format")
    sign, whole, fraction = found.groups()
    if len(fraction or "") > 2:
        raise AmountRefused("amount_precision")
    digits = re.sub(r"[^0-9]", "", whole)
    return Decimal(f"{sign}{digits}.{fraction or 0}")


def read_line(row: int, facts: Mapping[str, Any], columns: Mapping[str, str]) -> ReadLine:
    """The line of signed facts: `amount` (text), `currency`, and the fields of a statement line but
    its direction. `columns` says what the fields are called in the file.
    """
    errors: list[RowError] = []
    try:
        amount = exact_amount(str(facts["amount"]))
    except AmountRefused as refusal:
        amount = None
        errors.append(row_error(str(refusal), row, columns["amount"], facts["amount"]))
    if amount is not None and not amount:
        errors.append(row_error("amount_zero", row, columns["amount"], facts["amount"]))
    if facts["currency"] not in set(Currency):
        errors.append(row_error("currency", row, columns["currency"], facts["currency"]))
    if errors or amount is None:
        return ReadLine(row, None, tuple(errors))
    try:
        line = StatementLine.model_validate(
            {
                **{name: value for name, value in facts.items() if name != "currency"},
                "amount": {"amount": abs(amount), "currency": facts["currency"]},
                "direction": Direction.CREDIT if amount > 0 else Direction.DEBIT,
            }
        )
    except ValidationError as error:
        fields = {str(each["loc"][0]) for each in error.errors(include_input=False)}
        return ReadLine(row, None, tuple(_refused(row, f, facts, columns) for f in sorted(fields)))
    return ReadLine(row, line, columns=columns)


def _refused(
    row: int, field: str, facts: Mapping[str, Any], columns: Mapping[str, str]
) -> RowError:
    return row_error(CODES[field], row, columns[field], facts[field], limit=1000)
