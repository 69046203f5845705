"""What is wrong with a file that somebody sent: said of the cell, in both languages."""

from shared.contracts.model import Published


class RowError(Published):
    """What is wrong with one cell: row as a person counts it in the file, header is row 1."""

    row: int
    column: str
    code: str
    value: str | None
    message_pl: str
    message_en: str
