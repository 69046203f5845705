"""What the vault refuses or cannot do. No message carries a personal value or a key."""

from collections.abc import Iterable
from uuid import UUID

from eventsourcing.persistence import OperationalError

from shared.kernel.personal import DataClass, SealedBox


class SubjectErased(Exception):
    """Something was to be sealed for a subject whose key has been destroyed."""

    def __init__(self, subject: UUID, data_class: DataClass) -> None:
        super().__init__(f"The {data_class} data of subject {subject} was erased for good")
        self.subject = subject
        self.data_class = data_class


class BoxUnreadable(Exception):
    """A recorded box does not open although its subject was not erased: an alarm, not a state."""

    def __init__(self, box: SealedBox, why: str) -> None:
        super().__init__(f"The {box.data_class} box at {box.bound_to}: {why}")


class BoxDamaged(BoxUnreadable):
    """The box was changed, moved, or sealed under another key than it claims."""


class KeyMissing(BoxUnreadable):
    """The vault has neither the key of the box nor a tombstone for it."""


class KeyUnusable(Exception):
    """A stored key cannot be unwrapped: it was changed, or this process has another master key."""


class VaultUnavailable(OperationalError):
    """The vault did not answer in time or could not do what was asked; it may be asked again."""


class ErasureIncomplete(OperationalError):
    """An erasure stopped half-way. It is not an erasure until it was repeated with success."""

    def __init__(self, subject: UUID, data_classes: Iterable[DataClass], step: str) -> None:
        names = ", ".join(sorted(data_classes))
        super().__init__(f"Erasing {names} of subject {subject} stopped at: {step}; repeat it")
