"""Public events of reporting."""

from datetime import date
from typing import ClassVar

from shared.contracts.events import PublicEvent
from shared.kernel.personal import DataClass


class SubjectErased(PublicEvent):
    """No box of a person under these keys can be opened any more while something is counted:
    acknowledges the registry's event. Also told of somebody of whom reporting knew nothing.
    """

    TYPE: ClassVar[str] = "reporting.subject_erased.v1"

    data_classes: tuple[DataClass, ...]
    erased_on: date
