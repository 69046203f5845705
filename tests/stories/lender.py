"""The fund on a platform of a test: its people, its money, a cooperative, loans to it.

Days count back from today, so that whatever a story needs lies in the past.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from shared.contracts.access import Role
from shared.kernel.days import POLAND
from tests.stories.playground import Playground, Refused, User, eventually

TODAY = datetime.now(POLAND).date()
SOURCE = "EFS-1"
HEARD_LATER = {"kasa.participant_unknown", "kasa.not_admitted", "kasa.certificate_unknown"}
COMMITTEE = ("first", "second", "third")
REVIEWERS = ("adam", "barbara")


def ago(days: int) -> str:
    return (TODAY - timedelta(days)).isoformat()


def zlotys(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "PLN"}


class Lender:
    """The users of the fund, and the steps that stories about it are made of."""

    def __init__(self, platform: Playground) -> None:
        user = platform.user
        self.coordinator: User = user(Role.COORDINATOR, "lead")
        self.officer: User = user(Role.LOAN_OFFICER, "lead")
        self.second: User = user(Role.LOAN_OFFICER, "second")
        self.members = [user(Role.COMMITTEE_MEMBER, each) for each in COMMITTEE]
        self.reviewers = [user(Role.COMMITTEE_MEMBER, each) for each in REVIEWERS]
        self.source = ""
        self._position = 0
        """Of the last command on a loan."""

    def endow(self, amount: str) -> None:
        """A source of money, long before anything else."""
        body = {"source": SOURCE, "name": "Fundusz", "opened_on": ago(400)}
        self.source = self.coordinator.give("/fund/sources", body)["id"]
        paid_in = {"amount": zlotys(amount), "on": ago(400), "source_document": "UM/1"}
        self.officer.give(f"/fund/sources/{self.source}/contributions", paid_in)

    def announce(self, *days: int) -> None:
        """A rate of the euro on each of the days."""
        rates = [
            {"announced_on": ago(day), "table": f"{number}/A/NBP/2026", "rate": "4.2500"}
            for number, day in enumerate(sorted(days, reverse=True), start=1)
        ]
        self.officer.give("/exchange-rates", {"rates": rates})

    def declare(self, enterprise: str, day: int) -> None:
        body = {"party": {"enterprise_id": enterprise}, "items": [], "declared_on": ago(day)}
        self.officer.give("/aid/declarations", body)

    def found(self, founders: Sequence[Mapping[str, str]], partner: str) -> str:
        """A social cooperative, in the register since 120 days; all founders are entitled."""
        body = {
            "code": "SS-1",
            "name": "Spółdzielnia Socjalna Kuźnia",
            "kind": "social_cooperative",
            "legal_form": "cooperative",
            "partner": partner,
            "teryt": "2611011",
            "identifiers": {"nip": "9990000008"},
            "registered_on": ago(145),
        }
        receipt = self.officer.give("/enterprises", body)
        path, version = f"/enterprises/{receipt['id']}", receipt["version"]
        for founder in founders:
            joining = {
                "person": founder,
                "nature": "natural",
                "entitled": True,
                "added_on": ago(140),
            }
            version = self._heard(f"{path}/founders", joining, version)
        entry = {"krs": "0000123456", "entered_on": ago(120)}
        self.officer.give(f"{path}/founding", entry, version=version)
        return str(receipt["id"])

    def employ(self, enterprise: str, person: Mapping[str, str]) -> str:
        """The id of the job place."""
        path = f"/enterprises/{enterprise}"
        place = {"person": person, "share": "1", "entitled": True, "created_on": ago(100)}
        version = self.officer.read(path)["version"]
        receipt = self.officer.give(f"{path}/places", place, version=version)
        shown = self.officer.read(path, at_least=receipt["position"])
        return str(shown["places"][-1]["place_id"])

    def sign(self, enterprise: str, number: str, amount: str, **terms: Any) -> str:
        """A start-up loan signed 90 days ago, with one condition that is to be met."""
        body = {
            "number": number,
            "enterprise_id": enterprise,
            "source": SOURCE,
            "product": "start",
            "principal": zlotys(amount),
            "terms": {"kind": "annuity", "months": 2, "first_due_on": ago(75), **terms},
            "conditions": [{"code": "promissory_note", "text": "Weksel in blanco"}],
            "creates_jobs": True,
            "signed_on": ago(90),
        }
        receipt = self.officer.give("/loans", body)
        self._position = receipt["position"]
        return str(receipt["id"])

    def meet_condition(self, loan: str) -> None:
        met = {"code": "promissory_note", "evidence": "W/1", "met_on": ago(89)}
        self.change(self.officer, loan, "/conditions", met)

    def change(self, by: User, loan: str, end: str, body: Mapping[str, Any]) -> None:
        """A command on the loan as it stands."""
        version = self.card(loan)["version"]
        receipt = by.give(f"/loans/{loan}{end}", body, version=version)
        self._position = receipt["position"]

    def ask(self, loan: str, amount: str, document: str) -> str:
        """The id of the request for a disbursement."""
        asked = {"amount": zlotys(amount), "source_document": document}
        self.change(self.officer, loan, "/disbursements", asked)
        return str(self.card(loan)["requests"][-1]["id"])

    def approve(self, by: User, loan: str, request: str) -> None:
        self.change(by, loan, f"/requests/{request}/decision", {"approve": True})

    def pay_out(self, loan: str, request: str, reference: str) -> None:
        paid = {"bank_reference": reference, "paid_on": ago(88)}
        self.change(self.officer, loan, f"/requests/{request}/payment", paid)

    def card(self, loan: str) -> dict[str, Any]:
        return self.officer.read(f"/loans/{loan}", at_least=self._position)

    def reconciled(self) -> dict[str, Any]:
        """The reconciliation, in which nothing may differ."""
        found = self.coordinator.read("/fund/reconciliation", at_least=self._position)
        assert (found["found"], found["accounts"]) == (0, []), found
        return found

    def balances(self) -> dict[str, str]:
        source = self.coordinator.read(f"/fund/sources/{self.source}", at_least=self._position)
        return {each["account"]: each["balance"]["amount"] for each in source["balances"]}

    def _heard(self, path: str, body: Mapping[str, Any], version: int) -> int:
        return int(heard(self.officer, path, body, version)["version"])


def heard(user: User, path: str, body: Mapping[str, Any], version: int) -> dict[str, Any]:
    """A command that rests on an event of another service, once kasa has heard of it."""

    def done() -> dict[str, Any] | None:
        try:
            return user.give(path, body, version=version)
        except Refused as refused:
            if refused.code in HEARD_LATER:
                return None
            raise

    return eventually(done)
