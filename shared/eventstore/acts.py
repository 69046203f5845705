"""A command on its way through an application: who gave it, why, and what they had seen."""

from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID, uuid5

from shared.contracts.operations import Caller
from shared.kernel.provenance import Provenance


@dataclass(frozen=True)
class Act:
    """`expected_version` is the version of the aggregate that the caller decided on."""

    caller: Caller
    provenance: Provenance
    expected_version: int | None = None

    def part(self, name: str) -> Self:
        """The act of one part of a larger command, such as a row of an import: the same part of
        the same command is the same command again.
        """
        return replace(
            self,
            provenance=self.provenance.model_copy(update={"command_id": self.id_of(name)}),
            expected_version=None,
        )

    def id_of(self, name: str) -> UUID:
        """An id that is the same whenever the same command comes."""
        return uuid5(self.provenance.command_id, name)
