"""Flags over a table as they are recorded."""

import base64
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from services.research.domain.disclosure.tables import Flags


class Mask(BaseModel):
    """Flags over a full table: its shape, and its cells in C order as bits, base64. Arrays come in only
    when it is made or unfolded.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    shape: tuple[int, ...]
    bits: str

    @classmethod
    def of(cls, flags: "Flags") -> "Mask":
        import numpy as np  # noqa: PLC0415

        packed = np.packbits(flags.ravel()).tobytes()
        return cls(shape=flags.shape, bits=base64.b64encode(packed).decode())

    def flags(self) -> "Flags":
        import numpy as np  # noqa: PLC0415

        packed = np.frombuffer(base64.b64decode(self.bits), dtype=np.uint8)
        cells = int(np.prod(self.shape))
        return np.unpackbits(packed, count=cells).astype(bool).reshape(self.shape)
