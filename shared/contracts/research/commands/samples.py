"""Commands on samples: who is asked in a wave."""

from uuid import UUID

from shared.contracts.model import Published
from shared.contracts.research.vocabulary.samples import FrameChoice, SampleSize


class DrawSample(Published):
    """Draw who is asked in a wave; the seed is chosen by chance and recorded. A wave has one sample."""

    study_id: UUID
    wave_id: UUID
    choice: FrameChoice
    size: SampleSize


class DrawFromList(Published):
    """Draw from an uploaded list: a claim check on the file store, never the file itself.

    The list has a column `pseudonym` and up to three more, by which it is grouped. A list that looks
    as if it said who somebody is, is refused whole.
    """

    file_id: str
    filename: str
    study_id: UUID
    wave_id: UUID
    size: SampleSize
