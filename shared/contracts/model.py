"""Strictness of the published language."""

from pydantic import BaseModel, ConfigDict


class Published(BaseModel):
    """Base of everything that crosses a boundary.

    Unknown fields are refused, so that a misspelt optional field is an error and not a loss; and
    validation errors never repeat the input, because the input may be personal.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
