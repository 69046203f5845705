"""The committee's meetings: what is proposed, who votes how, who stays out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from demo.acts import Act, Json, member, officer, subject, zlotys
from demo.calls import GRANT_CALL, LOAN_CALL, Call
from demo.enterprises import HUTNIK, KUCHNIA, OPIEKA, PRALNIA, SAD, SCENA, WARSZTAT, WIKLINA
from demo.gateway import Login
from demo.partnership import LEAD

MEMBERS: Final = tuple(
    member(partner) for partner in (LEAD.id, "mops-kamienna", "pup-lysogory", "stow-hutnik")
)
PROPOSER: Final = officer(LEAD.id)
FOR, AGAINST, ABSTAIN = "for", "against", "abstain"
UNANIMOUS = (FOR, FOR, FOR, FOR)


@dataclass(frozen=True)
class Case:
    """`amount` None: to refuse. `votes` in the order of the members; None who stays out."""

    enterprise: str
    amount: str | None
    votes: Sequence[str | None] = UNANIMOUS
    over_ceiling: bool = False
    """The vote to support cannot be carried out: with it the de minimis ceiling would be exceeded."""


@dataclass(frozen=True)
class Meeting:
    call: Call
    on: date
    cases: Sequence[Case]

    @property
    def key(self) -> str:
        return f"demo/meeting/{self.call.code}/{self.on}"

    @property
    def convened(self) -> Json:
        return {
            "call": self.call.code,
            "members": [subject(each) for each in MEMBERS],
            "on": self.on,
        }


MEETINGS: Sequence[Meeting] = (
    Meeting(
        LOAN_CALL,
        LOAN_CALL.met_on,
        (
            Case(KUCHNIA.code, "120000.00", (None, FOR, FOR, ABSTAIN)),
            Case(WARSZTAT.code, "180000.00"),
            Case(HUTNIK.code, "90000.00", (FOR, FOR, FOR, None)),
            Case(SAD.code, None, (FOR, FOR, ABSTAIN, FOR)),
            Case(OPIEKA.code, "60000.00", (FOR, AGAINST, AGAINST, ABSTAIN)),
        ),
    ),
    Meeting(LOAN_CALL, date(2026, 2, 10), (Case(OPIEKA.code, None, (FOR, FOR, FOR, ABSTAIN)),)),
    Meeting(
        GRANT_CALL,
        GRANT_CALL.met_on,
        (
            Case(WIKLINA.code, "140000.00", (FOR, None, FOR, FOR)),
            Case(KUCHNIA.code, "70000.00", (None, FOR, FOR, FOR)),
            Case(PRALNIA.code, "100000.00", (FOR, FOR, ABSTAIN, FOR)),
            Case(SCENA.code, None, (FOR, AGAINST, FOR, FOR)),
            Case(OPIEKA.code, "80000.00", over_ceiling=True),
            Case(OPIEKA.code, None),
        ),
    ),
)


def opening(meeting: Meeting, case: Case) -> Iterator[Act]:
    """Who stays out says so; then comes the proposal."""
    for voter, vote in _ballots(case):
        if vote is None:
            yield Act(f"{_name(case)}/recuse", voter, meeting.on, "/recusals", {})
    body: Json = {"outcome": "refuse"}
    if case.amount is not None:
        body = {"outcome": "support", "amount": zlotys(case.amount)}
    yield Act(f"{_name(case)}/propose", PROPOSER, meeting.on, "/proposals", body)


def votes(meeting: Meeting, case: Case) -> Iterator[Act]:
    for voter, vote in _ballots(case):
        if vote is not None:
            name = f"{_name(case)}/vote/{subject(voter)}"
            yield Act(name, voter, meeting.on, "/votes", {"vote": vote})


def resolution(meeting: Meeting, case: Case) -> Act:
    """Signed by the first member who takes part."""
    signing = next(voter for voter, vote in _ballots(case) if vote is not None)
    return Act(f"{_name(case)}/resolve", signing, meeting.on, "/resolution", {})


def _ballots(case: Case) -> list[tuple[Login, str | None]]:
    return list(zip(MEMBERS, case.votes, strict=True))


def _name(case: Case) -> str:
    return f"{case.enterprise}/{'refuse' if case.amount is None else 'support'}"
