"""The fact that keys of somebody were destroyed, in whichever ledger it is recorded."""

from shared.kernel.aggregate import Event
from shared.kernel.personal import DataClass


class Erasure(Event):
    """The keys of `subject` for these data classes exist no more, and must never exist again.

    Every service that learns of it records one of its own: from its ledger it can then say which
    tombstones a vault must have, also one that was restored from an older copy.
    """

    data_classes: tuple[DataClass, ...]
