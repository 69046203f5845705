"""Reports to the authority: their states, and what was found wrong with them."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.contracts.model import Published
from shared.contracts.reporting.vocabulary.indicators import IndicatorCode
from shared.contracts.vocabulary import FreeText


class ReportState(StrEnum):
    DRAFTED = "drafted"
    COMPUTED = "computed"
    """Its numbers are frozen; it can be computed anew until it is submitted."""
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    """With findings: a new version goes on, this one stays as it was submitted."""


class Finding(Published):
    """What the authority found, of one indicator or of the whole; never about a person."""

    code: IndicatorCode | None = None
    text: FreeText


Findings = Annotated[tuple[Finding, ...], Field(min_length=1, max_length=100)]
