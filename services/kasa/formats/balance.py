"""The balance of a statement: what lines lead from the opening to the closing one."""

from dataclasses import dataclass
from decimal import Decimal

from services.kasa.formats.lines import ReadLine
from shared.contracts.kasa.vocabulary.bank import Direction


@dataclass
class RunningBalance:
    """Of one statement; unknown once a line could not be read."""

    amount: Decimal | None = None

    def add(self, read: ReadLine) -> None:
        if read.line is None or self.amount is None:
            self.amount = None
        elif read.line.direction is Direction.CREDIT:
            self.amount += read.line.amount.amount
        else:
            self.amount -= read.line.amount.amount

    def closes_at(self, closing: Decimal) -> bool:
        """Whether the closing balance can be right."""
        return self.amount in {None, closing}
