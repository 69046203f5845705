"""Calls, applications and decisions, for the tests that drive the whole service."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.kasa.domain.ids import id_of
from shared.contracts.access import Role
from shared.contracts.kasa.commands import calls as commands
from shared.contracts.kasa.commands.fund import Contribute, OpenSource
from shared.contracts.kasa.vocabulary.calls import (
    ApplicationContent,
    CallTerms,
    CostLine,
    FormalResult,
    Offer,
    Outcome,
    Points,
    Vote,
)
from shared.contracts.operations import Caller
from shared.kernel.money import Money
from tests.driving import caller
from tests.kasa.clients import NIPS, TODAY, announce, declare, register
from tests.kasa.conftest import Kasa

SOURCE = "EFS-85"
CALL = "DOT/2026/1"
CALL_ID = id_of("call", CALL)
BUDGET = Money.of("100000")
ADVISER = caller(Role.CASEWORKER, "mops-gdansk", "adviser")
OFFICER = caller(Role.LOAN_OFFICER, name="officer")
SECOND = caller(Role.LOAN_OFFICER, name="second")
MEMBERS = tuple(caller(Role.COMMITTEE_MEMBER, name=each) for each in ("chair", "maria", "jan"))
CHAIR = MEMBERS[0]
REVIEWERS = tuple(caller(Role.COMMITTEE_MEMBER, name=each) for each in ("adam", "barbara"))


def endow(kasa: Kasa, amount: str = "500000", source: str = SOURCE) -> UUID:
    """A source of money with so much in it."""
    day = date(2026, 1, 5)
    opened = kasa.command(OpenSource(source=source, name="Dotacje", opened_on=day))
    kasa.command(
        Contribute(source_id=opened.id, amount=Money.of(amount), on=day, source_document="U/1")
    )
    return opened.id


def open_call(kasa: Kasa, budget: Money = BUDGET, **changes: Any) -> str:
    terms = CallTerms.model_validate(
        {
            "code": CALL,
            "title_pl": "Dotacje na start",
            "title_en": "Grants for a start",
            "offer": Offer.GRANT,
            "source": SOURCE,
            "budget": budget,
            "products": ("DOTACJA",),
            "regulation": "2023/2831",
            "first_day": date(2026, 2, 2),
            "last_day": date(2026, 3, 31),
            **changes,
        }
    )
    kasa.command(commands.OpenCall(terms=terms, opened_on=date(2026, 2, 2)))
    return terms.code


def client(kasa: Kasa, number: int = 0) -> UUID:
    """An enterprise with a tax number, that declared what aid it had: none."""
    enterprise = register(kasa, number, NIPS[number])
    declare(kasa, enterprise)
    return enterprise


def grounds(kasa: Kasa, budget: str = "100000") -> UUID:
    """Money, an open call, a rate of the euro, and a client who can apply."""
    endow(kasa)
    open_call(kasa, Money.of(budget))
    announce(kasa)
    return client(kasa)


def content(amount: str = "60000", **changes: Any) -> ApplicationContent:
    asked = Money.of(amount)
    return ApplicationContent.model_validate(
        {
            "product": "DOTACJA",
            "purpose": "Pralnia spółdzielcza",
            "amount": asked,
            "own_contribution": Money.of("0"),
            "costs": (CostLine(code="PRALKI", text="Pralki", amount=asked),),
            "job_places": 2,
            "commune": "2261011",
            **changes,
        }
    )


def draft(kasa: Kasa, enterprise: UUID, amount: str = "60000", **changes: Any) -> UUID:
    command = commands.DraftApplication(
        call=changes.pop("call", CALL),
        enterprise_id=enterprise,
        content=content(amount, **changes),
        drafted_on=TODAY,
    )
    return kasa.command(command, ADVISER).id


def submit(kasa: Kasa, application: UUID) -> None:
    command = commands.SubmitApplication(application_id=application, submitted_on=TODAY)
    kasa.command(command, ADVISER)


def checking(application: UUID, *, met: bool = True) -> commands.CheckApplication:
    codes = ("KOMPLETNY", "UPRAWNIONY", "BIZNESPLAN")
    return commands.CheckApplication(
        application_id=application,
        results=tuple(FormalResult(code=code, met=met) for code in codes),
        checked_on=TODAY,
    )


def assign(kasa: Kasa, application: UUID, reviewer: Caller) -> None:
    command = commands.AssignReviewer(
        application_id=application, reviewer=reviewer.subject, assigned_on=TODAY
    )
    kasa.command(command, OFFICER)


def declare_interest(
    kasa: Kasa, application: UUID, reviewer: Caller, *, conflict: bool = False
) -> None:
    command = commands.DeclareInterest(
        application_id=application, conflict=conflict, declared_on=TODAY
    )
    kasa.command(command, reviewer)


def scoring(application: UUID, given: Sequence[int] = (30, 25, 12)) -> commands.ReviewApplication:
    codes = ("MIEJSCA", "PLAN", "SPOLECZNY")
    return commands.ReviewApplication(
        application_id=application,
        points=tuple(
            Points(criterion=code, points=points, justification="Zasadne")
            for code, points in zip(codes, given, strict=True)
        ),
        scored_on=TODAY,
    )


def assessed(kasa: Kasa, enterprise: UUID, amount: str = "60000") -> UUID:
    """An application that two reviewers have scored."""
    application = draft(kasa, enterprise, amount)
    assess(kasa, application)
    return application


def assess(kasa: Kasa, application: UUID) -> None:
    submit(kasa, application)
    kasa.command(checking(application), OFFICER)
    for reviewer in REVIEWERS:
        assign(kasa, application, reviewer)
        declare_interest(kasa, application, reviewer)
        kasa.command(scoring(application), reviewer)


def convene(kasa: Kasa, on: date = TODAY, call: str = CALL) -> UUID:
    members = tuple(each.subject for each in MEMBERS)
    return kasa.command(commands.ConveneMeeting(call=call, members=members, on=on)).id


def proposing(
    meeting: UUID, application: UUID, amount: str | None = "60000"
) -> commands.ProposeOutcome:
    """Support with an amount, a refusal without one."""
    return commands.ProposeOutcome(
        meeting_id=meeting,
        application_id=application,
        outcome=Outcome.REFUSE if amount is None else Outcome.SUPPORT,
        amount=None if amount is None else Money.of(amount),
    )


def voting(meeting: UUID, application: UUID, vote: Vote = Vote.FOR) -> commands.CastVote:
    return commands.CastVote(meeting_id=meeting, application_id=application, vote=vote)


def resolving(meeting: UUID, application: UUID) -> commands.ResolveCase:
    return commands.ResolveCase(meeting_id=meeting, application_id=application)


def voted(kasa: Kasa, application: UUID, amount: str | None = "60000") -> commands.ResolveCase:
    """All members of a meeting of its own voted for it; to be signed."""
    meeting = convene(kasa)
    kasa.command(proposing(meeting, application, amount), OFFICER)
    for member in MEMBERS:
        kasa.command(voting(meeting, application), member)
    return resolving(meeting, application)


def awarded(kasa: Kasa, enterprise: UUID, amount: str = "60000") -> UUID:
    """An application that the committee supports."""
    application = assessed(kasa, enterprise, amount)
    kasa.do(voted(kasa, application, amount), CHAIR)
    return application
