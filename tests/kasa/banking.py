"""Loans that wait for payments, and statements of the bank, for the tests that drive the whole service."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

from services.kasa.application.books import books_of
from services.kasa.application.importing import IMPORT
from services.kasa.domain.bank import BankLine, line_id
from services.kasa.domain.fund import Fund
from services.kasa.domain.ids import id_of
from services.kasa.domain.lending import Standing
from services.kasa.domain.loan import Loan
from services.kasa.domain.loan_books import Bookkeeping
from shared.contracts.access import Role
from shared.contracts.kasa.commands import bank as commands
from shared.contracts.kasa.views import bank as views
from shared.contracts.kasa.vocabulary.fund import Account
from shared.contracts.kasa.vocabulary.loans import (
    DayCount,
    LoanTerms,
    PrepaymentEffect,
    ScheduleKind,
)
from shared.contracts.operations import Caller
from shared.kernel.days import POLAND
from shared.kernel.money import Money
from shared.kernel.provenance import Provenance
from shared.runtime.jobs import Interrupted, Progress
from tests.driving import act_by
from tests.kasa.clients import by_id, register
from tests.kasa.conftest import Kasa
from tests.kasa.deciding import OFFICER, SOURCE
from tests.kasa.formats.statements import Booking, as_csv
from tests.training.jobs import HOLDER, Stopping

SIGNED, DRAWN = date(2026, 1, 12), date(2026, 1, 15)
LATER = datetime(2026, 3, 10, 12, tzinfo=POLAND)
NUMBER = "POZ/2026/0007"


def lent(
    kasa: Kasa,
    number: str = NUMBER,
    amount: str = "12000",
    *,
    source: str = SOURCE,
    enterprise: UUID | None = None,
    paid_out: bool = True,
    first_due_on: date | None = None,
) -> UUID:
    """A loan of twelve months, paid out, or approved to be; the clock stands two months later."""
    kasa.clock[0] = LATER
    application = kasa.composition.application
    loan, today, rules = Loan(id_of("loan", number)), LATER.date(), application.rules.loans
    fund, books = books_of(application, source), Bookkeeping(loan)
    first = first_due_on or (date(2026, 2, 15) if paid_out else date(2026, 4, 15))
    loan.sign(
        number=number,
        enterprise_id=enterprise or register(kasa, int(number[-4:])),
        application_id=None,
        source=source,
        product="start",
        principal=Money.of(amount),
        terms=LoanTerms(kind=ScheduleKind.ANNUITY, months=12, first_due_on=first),
        late_percent=None,
        day_count=DayCount.THIRTY_360,
        waterfall="ancillary_first",
        prepayment_effect=PrepaymentEffect.REDUCE_INSTALMENTS,
        conditions=(),
        standing=Standing(age_months=3, loans=0, lent=Money.zero(), staff=5, creates_jobs=True),
        support=None,
        signed_on=SIGNED,
        today=today,
        rules=rules,
    )
    request = uuid4()
    loan.request_disbursement(
        request_id=request,
        amount=Money.of(amount),
        source_document="W/1",
        by="oidc|adviser",
        today=today,
    )
    loan.decide(request_id=request, approve=True, by="oidc|second", today=today)
    if paid_out:
        loan.confirm_disbursement(
            request_id=request,
            bank_reference=f"W{number[-4:]}",
            paid_on=DRAWN,
            today=today,
            rules=rules,
        )
    books.post(fund, on=DRAWN)
    provenance = Provenance(
        actor=OFFICER.subject,
        role=Role.LOAN_OFFICER,
        command="kasa.sign_loan",
        command_id=uuid4(),
        correlation_id=uuid4(),
    )
    application.record(loan, fund, provenance=provenance)
    return loan.id


def stored(kasa: Kasa, content: bytes, name: str) -> str:
    """The claim check of a file."""
    with kasa.composition.imports.files.store.create(
        name=name, content_type="application/octet-stream"
    ) as writer:
        writer.write(content)
        return writer.finish()


def ordered(
    kasa: Kasa,
    content: bytes | list[Booking],
    filename: str = "wyciag.csv",
    by: Caller = OFFICER,
    **options: Any,
) -> UUID:
    """The id of the job."""
    body = content if isinstance(content, bytes) else as_csv(content)
    request = commands.ImportStatement(
        **{"dry_run": False, "source": SOURCE, **options},
        file_id=stored(kasa, body, filename),
        filename=filename,
    )
    return kasa.composition.imports.import_statement(
        request, act_by(by, "kasa.import_statement")
    ).id


def work(kasa: Kasa, stop_after: int | None = None) -> None:
    """Do the job that waits, or was interrupted."""
    jobs = kasa.composition.imports.jobs
    job = jobs.take([IMPORT], HOLDER)
    assert job is not None
    try:
        result = kasa.followed.jobs[IMPORT](job, Stopping(jobs, job, stop_after))
    except Interrupted:
        return
    jobs.update(job, HOLDER, state="done", result=dict(result))


class Unwatched(Progress):
    """Tells nobody how far a job is."""

    def __init__(self) -> None:
        pass

    def report(self, **progress: Any) -> None:
        pass


def race_on(kasa: Kasa, jobs: list[UUID]) -> list[Counter[str]]:
    """What became of the rows of each job, all done at once, the same one more than once maybe: by
    followers that each believe to be the only one.
    """
    barrier = Barrier(len(jobs))

    def run(id: UUID) -> Counter[str]:
        job = kasa.composition.imports.jobs.get(id)
        assert job is not None
        barrier.wait(30)
        return Counter(kasa.followed.jobs[IMPORT](job, Unwatched())["counts"])

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def looked_at(kasa: Kasa, job: UUID, by: Caller = OFFICER) -> views.StatementImport:
    return kasa.composition.imports.get_statement_import(
        by_id(job), act_by(by, "kasa.get_statement_import")
    )


def imported(
    kasa: Kasa, content: bytes | list[Booking], filename: str = "wyciag.csv", **options: Any
) -> views.StatementImport:
    job = ordered(kasa, content, filename, **options)
    work(kasa)
    kasa.project()
    return looked_at(kasa, job)


def counts(job: views.StatementImport) -> tuple[int, int, int, int]:
    return job.matched, job.queued, job.unchanged, job.rejected


def balance(kasa: Kasa, account: Account, source: str = SOURCE) -> Money:
    return kasa.composition.application.load(Fund, id_of("fund", source)).balances[account]


def line(kasa: Kasa, reference: str, source: str = SOURCE) -> BankLine:
    return kasa.composition.application.load(BankLine, line_id(source, reference))


def loan(kasa: Kasa, number: str = NUMBER) -> Loan:
    return kasa.composition.application.load(Loan, id_of("loan", number))
