"""Strictness of the published language."""

import re
from collections.abc import Mapping
from typing import Any, Final, cast

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

NUMBER: Final = re.compile(r"\s*[+-]?\d*\.?\d+\s*")
REFUSALS: Final[Mapping[str, Any]] = {
    "date": "date_type",
    "time": "time_type",
    "datetime": "datetime_type",
}
"""Kinds of schema that pydantic fills from numbers, with the error such a number gets here."""
_INNER: Final = ("schema", "choices", "items_schema", "keys_schema", "values_schema")
"""Where a core schema holds others."""


def _without_numeric_days(schema: Any) -> Any:
    """The schema with every day and time guarded against numbers."""
    if isinstance(schema, list | tuple):
        return type(schema)(map(_without_numeric_days, schema))
    if not isinstance(schema, dict) or _is_guarded(schema):
        return schema
    if schema["type"] in REFUSALS:
        return _guarded(schema)
    changed = {key: _without_numeric_days(schema[key]) for key in _INNER if key in schema}
    if schema["type"] == "model-fields":
        fields = schema["fields"].items()
        changed["fields"] = {name: _without_numeric_days(field) for name, field in fields}
    return schema | changed


def _is_guarded(schema: dict[str, Any]) -> bool:
    """Models within a model were there before it."""
    return schema["type"] == "function-before" and schema["schema"]["type"] in REFUSALS


def _guarded(schema: dict[str, Any]) -> CoreSchema:
    def refuse_numbers(value: Any) -> Any:
        """Pydantic would take a number, also one written as text, for seconds since 1970."""
        if isinstance(value, int | float) or (isinstance(value, str) and NUMBER.fullmatch(value)):
            raise PydanticKnownError(REFUSALS[schema["type"]])
        return value

    return core_schema.no_info_before_validator_function(refuse_numbers, cast("CoreSchema", schema))


class Published(BaseModel):
    """Base of everything that crosses a boundary.

    Unknown fields are refused, so that a misspelt optional field is an error and not a loss; and
    validation errors never repeat the input, because the input may be personal.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return cast("CoreSchema", _without_numeric_days(handler(source)))
