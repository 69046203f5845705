"""What is told of frames and samples: groups of a size that may be told, never a member."""

from datetime import date
from uuid import UUID

from shared.contracts.model import Published
from shared.contracts.research.vocabulary.samples import (
    Digest,
    DrawnGroup,
    DrawRule,
    FrameChoice,
    Seed,
    StratumSize,
)


class PreviewFrame(Published):
    choice: FrameChoice


class FramePreview(Published):
    """`size` is None, and nothing is told, where the whole frame is smaller than may be told."""

    position: int
    size: int | None
    groups: tuple[StratumSize, ...]


class Sample(Published):
    """A sample by group; the seed and the digest of the frame let anybody repeat the draw.

    `id` is that of the wave.
    """

    id: UUID
    version: int
    study_id: UUID
    choice: FrameChoice
    rule: DrawRule
    seed: Seed
    drawn_on: date
    frame_position: int
    frame_digest: Digest
    frame_size: int
    size: int
    age_bands: tuple[int, ...]
    groups: tuple[DrawnGroup, ...]
