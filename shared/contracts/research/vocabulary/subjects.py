"""The words of what research knows of participants."""

from enum import StrEnum


class SubjectState(StrEnum):
    ADMITTED = "admitted"
    """Support has not started yet."""
    IN_PROJECT = "in_project"
    LEFT = "left"
