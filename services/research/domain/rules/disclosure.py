"""The shape of the dated parameters of disclosure control."""

from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Annotated

import rfc8785
from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.research.vocabulary.disclosure import Audience, UnitKind
from shared.contracts.research.vocabulary.tables import Span
from shared.kernel.parameters import Dated

Share = Annotated[Decimal, Field(gt=0, lt=1)]
Threshold = Annotated[int, Field(ge=2)]


class PersonThresholds(BaseModel):
    """Fewest persons in a cell that is shown. `sensitive`: of tables with a sensitive dimension."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    internal: Threshold
    internal_sensitive: Threshold
    public: Threshold
    public_sensitive: Threshold

    def least(self, audience: Audience, *, sensitive: bool) -> int:
        if audience is Audience.INTERNAL:
            return self.internal_sensitive if sensitive else self.internal
        return self.public_sensitive if sensitive else self.public


class DisclosureParameters(BaseModel):
    """What is in force on one day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    persons: PersonThresholds
    entities: Threshold
    dominance: Share
    diversity: Threshold
    thin: Share

    @property
    def digest(self) -> str:
        """SHA-256 of their canonical JSON (RFC 8785): which rules a release was judged by."""
        return sha256(rfc8785.dumps(self.model_dump(mode="json"))).hexdigest()

    def least(self, kind: UnitKind, audience: Audience, *, sensitive: bool) -> int:
        """Fewest units in a cell that is shown."""
        if kind is UnitKind.ENTITIES:
            return self.entities
        return self.persons.least(audience, sensitive=sensitive)


class ExportParameters(BaseModel):
    """What is in force on one day for answers that are given out one by one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    persons: PersonThresholds
    diversity: Threshold
    keys: tuple[str, ...]
    """Questions by name, whose answers others may know of a person."""
    spans: tuple[Span, ...]
    """That days may be gathered into."""

    def least(self, *, sensitive: bool) -> int:
        """Fewest rows of one kind; who gets an export is inside."""
        return self.persons.least(Audience.INTERNAL, sensitive=sensitive)


class DisclosureRules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    person_thresholds: Dated[PersonThresholds]
    entity_threshold: Dated[Threshold]
    dominance_share: Dated[Share]
    diversity: Dated[Threshold]
    thin_share: Dated[Share]
    key_questions: Dated[tuple[str, ...]]
    export_spans: Dated[tuple[Span, ...]]

    def on(self, day: date) -> DisclosureParameters:
        return DisclosureParameters(
            persons=self.person_thresholds.on(day),
            entities=self.entity_threshold.on(day),
            dominance=self.dominance_share.on(day),
            diversity=self.diversity.on(day),
            thin=self.thin_share.on(day),
        )

    def exports_on(self, day: date) -> ExportParameters:
        return ExportParameters(
            persons=self.person_thresholds.on(day),
            diversity=self.diversity.on(day),
            keys=self.key_questions.on(day),
            spans=self.export_spans.on(day),
        )
