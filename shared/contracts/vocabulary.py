"""The words that all contexts share: texts, references, places, times, names."""

import re
from datetime import time
from typing import Annotated, Any

from pydantic import BeforeValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from shared.contracts.model import Published

ShortText = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$",
        max_length=200,
    ),
]
"""One line with something to read in it, without control characters."""
FreeText = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$",
        max_length=4000,
    ),
]
"""Lines with something to read in them; tabs and line breaks are the only control characters."""
Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./_-]{0,99}$")]
"""A file number or another reference, never a text about a person."""
PurposeCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
"""Why personal data is read: a code, never a text."""
PartnerId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$")]
Teryt = Annotated[str, StringConstraints(pattern=r"^\d{7}$")]
"""Commune code WWPPGGR of the TERYT register, as text: leading zeros count."""


def _whole_minute(value: Any) -> Any:
    if not isinstance(value, time) and not _WHOLE_MINUTE.fullmatch(str(value)):
        raise PydanticCustomError("string_pattern_mismatch", "", {"pattern": "HH:MM"})
    return value


_WHOLE_MINUTE = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:00)?", re.ASCII)
LocalTime = Annotated[
    time,
    BeforeValidator(_whole_minute),
    WithJsonSchema({"type": "string", "pattern": f"^{_WHOLE_MINUTE.pattern}$"}),
]
"""A whole minute in Poland's local time, as people write timetables; no offset."""


class PersonName(Published):
    """What people are called by, where an answer that tells of them by id is given their names."""

    given_name: ShortText
    family_name: ShortText
