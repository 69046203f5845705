"""What is wrong with a form that somebody sent, told in both languages and at its place."""

from dataclasses import dataclass

from services.research.domain.form.faults import Fault
from services.research.formats.wording import sentence
from shared.contracts.research.views.instruments import FormFault
from shared.kernel.errors import Rejected
from shared.runtime.tables.errors import TEXTS as TABLE_TEXTS
from shared.runtime.tables.errors import ImportRefused, shown


@dataclass(frozen=True)
class Spot:
    """A place in a workbook; the row as a person counts it, the column by its header."""

    sheet: str
    row: int | None = None
    column: str | None = None


class FormFileRefused(Rejected):
    """A file that is no usable form; `faults` say where and why, at least once."""

    def __init__(self, *faults: FormFault) -> None:
        super().__init__("research.form_refused", {"faults": len(faults)})
        self.faults = faults


def told(fault: Fault, spot: Spot | None = None, value: object = None) -> FormFault:
    """The fault with its texts. `value` is what the file has at the place."""
    message = sentence(fault.code, fault.facts)
    return FormFault(
        sheet=spot and spot.sheet,
        row=spot and spot.row,
        column=spot and spot.column,
        pointer=fault.pointer,
        code=fault.code,
        value=shown(value),
        message_pl=message.pl,
        message_en=message.en,
    )


def of_table(refused: ImportRefused) -> FormFileRefused:
    """What the reading of tables refused."""
    return FormFileRefused(
        *(
            FormFault(
                sheet=None,
                row=error.row,
                column=error.column or None,
                pointer="",
                code=error.code,
                value=error.value,
                message_pl=error.message_pl,
                message_en=error.message_en,
            )
            for error in refused.errors
        )
    )


def cell_fault(name: str, spot: Spot, value: object, **facts: str | int) -> FormFault:
    """What the reading of tables says of a cell."""
    texts = TABLE_TEXTS[name]
    return FormFault(
        sheet=spot.sheet,
        row=spot.row,
        column=spot.column,
        pointer="",
        code=f"import_{name}",
        value=shown(value),
        message_pl=texts.pl.format(**facts),
        message_en=texts.en.format(**facts),
    )
