"""What the days alone change of loans: arrears and their class, held money that falls due, a maximum of
the law. Looked at once a day, each loan by itself, so that one that cannot be reviewed stops no other.
"""

import threading
from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID, uuid5

import structlog
from eventsourcing.persistence import OperationalError
from prometheus_client import Counter

from services.kasa.application import Kasa
from services.kasa.application.loans import booked
from services.kasa.domain.loan import Loan
from services.kasa.domain.loan_books import Bookkeeping
from shared.contracts.operations import Caller, Receipt
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.kernel.provenance import Provenance

log = structlog.get_logger(__name__)

SERVICE: Final = Caller(subject="service:kasa", roles=frozenset())
FAILED = Counter("kasa_loan_reviews_failed", "Loans that could not be reviewed on a day")


def review_loans(kasa: Kasa, loans: Iterable[UUID], day: date, stop: threading.Event) -> int:
    """How many changed. The same day again changes nothing. Raises `OperationalError` while the
    database cannot be reached.
    """
    changed = 0
    for loan_id in loans:
        if stop.is_set():
            break
        try:
            changed += review_loan(kasa, loan_id, day) is not None
        except OperationalError:
            raise
        except Exception as error:
            FAILED.inc()
            log.exception("loan_not_reviewed", loan=str(loan_id), cause=type(error).__name__)
    return changed


def review_loan(kasa: Kasa, loan_id: UUID, day: date) -> Receipt | None:
    """None when nothing changed."""
    act = _act(loan_id, day)
    try:
        return kasa.once(act, lambda: _reviewed(kasa, loan_id, day, act))
    except Rejected as refusal:
        if refusal.code == "nothing_changed":
            return None
        raise


def _reviewed(kasa: Kasa, loan_id: UUID, day: date, act: Act) -> Receipt:
    loan = kasa.load(Loan, loan_id)
    books = Bookkeeping(loan)
    loan.review(today=day, rules=kasa.rules.loans)
    return kasa.commit(act, *booked(kasa, loan, books, day))


def _act(loan_id: UUID, day: date) -> Act:
    """The same for a loan and a day."""
    command_id = uuid5(loan_id, f"review/{day.isoformat()}")
    provenance = Provenance(
        actor=SERVICE.subject,
        role="service",
        command="kasa.review_loan",
        command_id=command_id,
        correlation_id=command_id,
    )
    return Act(caller=SERVICE, provenance=provenance)
