"""A refusal is a fact with a code, not a message: texts belong to the edge, in every language."""

from collections.abc import Mapping
from typing import Any


class Rejected(Exception):
    """A command or query that the rules refuse.

    `code` is stable and dotted (`registry.consent_missing`); `details` are JSON values that explain
    the refusal (dates, figures, rule versions) and never personal data; `pointer` is the JSON
    pointer (RFC 6901) of the offending field of the request, when there is one.

    The arguments are kept as plain positional values because that is how a remote caller gets them.
    """

    def __init__(
        self, code: str, details: Mapping[str, Any] | None = None, pointer: str | None = None
    ) -> None:
        super().__init__(code, dict(details or {}), pointer)

    @property
    def code(self) -> str:
        return str(self.args[0])

    @property
    def details(self) -> dict[str, Any]:
        return dict(self.args[1])

    @property
    def pointer(self) -> str | None:
        return None if self.args[2] is None else str(self.args[2])
