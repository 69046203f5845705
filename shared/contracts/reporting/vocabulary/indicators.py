"""How a number is asked for: by which set, true on which day, known on which day."""

from datetime import date
from typing import Annotated

from pydantic import StringConstraints

from shared.contracts.model import Published

SetCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
IndicatorCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]
Breakdown = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}(,[a-z_]{1,40}){0,3}$")]
"""One dimension or several together: `sex,age_band`."""
CellName = Annotated[
    str, StringConstraints(pattern=r"^[a-z_]{1,40}:[^,:]{1,80}(,[a-z_]{1,40}:[^,:]{1,80}){0,3}$")
]
"""Each dimension with its value: `sex:female,age_band:under_25`."""


class AsOf(Published):
    """True on the day `as_of`, as far as it was known at the end of the day `known_at`; both are
    today where nothing is said. Corrections act from the moment at which they are known.
    """

    as_of: date | None = None
    known_at: date | None = None


class CountOf(AsOf):
    set_code: SetCode
