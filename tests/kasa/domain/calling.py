"""What the tests of calls share: an open call for grants, a complete application, a committee."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from services.kasa.domain.application import Application
from services.kasa.domain.call import Call
from services.kasa.domain.committee import Meeting
from services.kasa.domain.rules.calls import CallRules
from shared.contracts.kasa.vocabulary.calls import (
    ApplicationContent,
    CallTerms,
    CostLine,
    FormalResult,
    Offer,
    Origin,
    Outcome,
    Points,
    Proposal,
    Resolution,
    Vote,
)
from shared.kernel.money import Money
from shared.kernel.parameters import read_toml

RULES: Final = CallRules.model_validate(
    read_toml(each.read_text() for each in Path("services/kasa/rules/calls").glob("*.toml"))
)
CALL_ID, APPLICATION_ID, MEETING_ID = UUID(int=11), UUID(int=12), UUID(int=13)
OPENED_ON: Final = date(2026, 2, 2)
DAY: Final = date(2026, 2, 10)
TODAY: Final = date(2026, 12, 1)
TERMS: Final = CallTerms(
    code="DOT/2026/1",
    title_pl="Dotacje na start",
    title_en="Grants for a start",
    offer=Offer.GRANT,
    source="EFS-85",
    budget=Money.of("100000"),
    products=("DOTACJA",),
    regulation="2023/2831",
    first_day=OPENED_ON,
    last_day=date(2026, 3, 31),
)
MEMBERS: Final = ("chair", "maria", "jan", "ewa", "piotr")


def open_call(**changes: Any) -> Call:
    call = Call(CALL_ID)
    terms = CallTerms.model_validate({**TERMS.model_dump(), **changes})
    call.open(terms, opened_on=OPENED_ON, today=TODAY, by="coordinator", rules=RULES)
    return call


def content(amount: str = "60000", own: str = "5000", **changes: Any) -> ApplicationContent:
    asked, added = Money.of(amount), Money.of(own)
    return ApplicationContent.model_validate(
        {
            "product": "DOTACJA",
            "purpose": "Pralnia spółdzielcza",
            "amount": asked,
            "own_contribution": added,
            "costs": (CostLine(code="PRALKI", text="Pralki", amount=asked + added),),
            "job_places": 3,
            "commune": "2661011",
            **changes,
        }
    )


def drafted(call: Call, application: Application | None = None) -> Application:
    application = application or Application(APPLICATION_ID)
    application.draft(
        call, enterprise_id=UUID(int=1), content=content(), on=DAY, today=TODAY, by="applicant"
    )
    return application


def submit(application: Application, call: Call, on: date = DAY) -> None:
    application.submit(call, on=on, today=TODAY, by="applicant", rules=RULES)


def check(application: Application, call: Call, *, met: bool = True, by: str = "officer") -> None:
    results = [FormalResult(code=item.code, met=met) for item in call.content.formal_items]
    application.check_formally(call, results, on=application.latest_on, today=TODAY, by=by)


def points(call: Call, share: str = "1") -> Sequence[Points]:
    asked = call.content.criteria.of(Origin.REVIEWER)
    return [
        Points(criterion=code, points=int(each.maximum * float(share)), justification="Zasadne")
        for code, each in asked.items()
    ]


def review(application: Application, call: Call, reviewer: str, share: str = "1") -> None:
    on = application.latest_on
    application.assign_reviewer(reviewer, on=on, today=TODAY, by="officer")
    application.declare_interest(conflict=False, on=on, today=TODAY, by=reviewer)
    application.score(call, points(call, share), on=on, today=TODAY, by=reviewer)


def reviewed(call: Call, share: str = "1") -> Application:
    application = drafted(call)
    submit(application, call)
    check(application, call)
    for reviewer in ("adam", "barbara"):
        review(application, call, reviewer, share)
    return application


def convened(members: Sequence[str] = MEMBERS) -> Meeting:
    meeting = Meeting(MEETING_ID)
    meeting.convene(
        call_id=CALL_ID, members=members, on=DAY, today=TODAY, by="coordinator", rules=RULES
    )
    return meeting


def support(application: Application, call: Call, amount: str = "60000") -> Proposal:
    return application.proposal(call, Outcome.SUPPORT, Money.of(amount))


def resolved(application: Application, proposal: Proposal, *votes: Vote) -> Resolution:
    meeting = convened()
    meeting.propose(proposal, by="officer")
    for member, vote in zip(MEMBERS, votes or [Vote.FOR] * 3, strict=False):
        meeting.vote(application.id, vote, barred=application.barred, by=member)
    return meeting.resolve(application.id, by="chair")
