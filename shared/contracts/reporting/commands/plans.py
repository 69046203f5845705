"""Commands on plans."""

from datetime import date
from uuid import UUID

from shared.contracts.model import Published
from shared.contracts.reporting.vocabulary.indicators import SetCode
from shared.contracts.reporting.vocabulary.plans import Targets
from shared.contracts.vocabulary import Reference


class AgreePlan(Published):
    """The targets of a set, as a document with the authority says."""

    set_code: SetCode
    targets: Targets
    agreed_on: date
    document: Reference


class RevisePlan(Published):
    """A new version; the old ones stay. `If-Match` names the version the caller has seen."""

    plan_id: UUID
    targets: Targets
    agreed_on: date
    document: Reference
