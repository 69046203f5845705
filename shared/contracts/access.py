"""Who may see which personal data. What is not granted here is withheld."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from shared.kernel.personal import DataClass


class Role(StrEnum):
    COORDINATOR = "coordinator"
    CASEWORKER = "caseworker"
    TRAINER = "trainer"
    LOAN_OFFICER = "loan_officer"
    COMMITTEE_MEMBER = "committee_member"
    """Scores and votes on applications for money of the fund."""
    RESEARCHER = "researcher"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    PARTICIPANT = "participant"


ALL_CLASSES = frozenset(DataClass)

VISIBLE: Mapping[Role, frozenset[DataClass]] = MappingProxyType(
    {
        Role.COORDINATOR: ALL_CLASSES,
        Role.CASEWORKER: ALL_CLASSES,
        Role.TRAINER: frozenset(),
        Role.LOAN_OFFICER: frozenset({DataClass.IDENTITY}),
        Role.COMMITTEE_MEMBER: frozenset(),
        Role.RESEARCHER: frozenset(),
        Role.AUDITOR: frozenset(),
        Role.OPERATOR: frozenset(),
        Role.PARTICIPANT: ALL_CLASSES,
    }
)
"""The data classes a role may read of the subjects in its scope (GDPR art. 5(1)(c), need to know).

Names alone are an operation of the registry, with roles of its own."""

WHOLE_PARTNERSHIP = frozenset({Role.COORDINATOR, Role.AUDITOR, Role.OPERATOR})
"""Roles whose scope is not bound to one partner."""
