"""Views of instruments and their versions."""

from shared.contracts.model import Published


class FormFault(Published):
    """What is wrong with a form: where it stands in the workbook, if it came as one, and where in the
    definition (JSON pointer). The row as a person counts it, the column by its header.
    """

    sheet: str | None
    row: int | None
    column: str | None
    pointer: str
    code: str
    value: str | None
    message_pl: str
    message_en: str
