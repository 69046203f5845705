"""Three loan contracts: one in arrears, one restructured, one repaid early in part."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from demo.acts import Act, Json, officer, zlotys
from demo.calls import LOAN_CALL, LOANS
from demo.enterprises import HUTNIK, KUCHNIA, WARSZTAT, Enterprise
from demo.partnership import LEAD

SIGNER: Final = officer(LEAD.id)
SECOND: Final = officer("mops-kamienna")
"""Approves what the signer asked for."""
SIGNED_ON: Final = date(2026, 2, 2)
FIRST_DUE_ON: Final = date(2026, 3, 10)
CONDITION: Final = "blank_promissory_note"


@dataclass(frozen=True)
class Loan:
    """`tranches` by day, amount and bank reference; `later` is what happens beside payments."""

    number: str
    enterprise: Enterprise
    principal: str
    terms: Json
    tranches: Sequence[tuple[date, str, str]]
    waterfall: str = "ancillary_first"
    effect: str = "reduce_instalments"
    later: Sequence[tuple[str, date, str, Json]] = ()
    """Name, day, end of the path and body."""

    @property
    def key(self) -> str:
        return f"demo/loan/{self.number}"

    @property
    def contract(self) -> Json:
        """Without the ids of enterprise and application."""
        text = "Weksel in blanco z deklaracją wekslową"
        return {
            "number": self.number,
            "source": LOANS,
            "product": LOAN_CALL.product,
            "principal": zlotys(self.principal),
            "terms": self.terms,
            "waterfall": self.waterfall,
            "prepayment_effect": self.effect,
            "conditions": [{"code": CONDITION, "text": text}],
            "signed_on": SIGNED_ON,
        }

    @property
    def condition(self) -> Act:
        on = date(2026, 2, 5)
        body = {"code": CONDITION, "evidence": f"WEKSEL/{self.number}", "met_on": on}
        return Act("condition", SIGNER, on, "/conditions", body)

    def asked(self, tranche: int) -> Act:
        on, amount, _ = self.tranches[tranche]
        body = {"amount": zlotys(amount), "source_document": f"DYSP/{self.number}/{tranche + 1}"}
        return Act(f"ask/{tranche}", SIGNER, on, "/disbursements", body)

    def paid_out(self, tranche: int, request: str) -> Iterator[Act]:
        """Approved by another person; then the bank has paid."""
        on, _, reference = self.tranches[tranche]
        path = f"/requests/{request}"
        yield Act(f"approve/{tranche}", SECOND, on, f"{path}/decision", {"approve": True})
        paid = {"bank_reference": reference, "paid_on": on}
        yield Act(f"pay/{tranche}", SIGNER, on, f"{path}/payment", paid)

    @property
    def afterwards(self) -> Iterator[Act]:
        for name, on, end, body in self.later:
            yield Act(name, SIGNER, on, end, body)


def _terms(kind: str, months: int, first_due_on: date = FIRST_DUE_ON, **more: Any) -> Json:
    return {"kind": kind, "months": months, "first_due_on": first_due_on, **more}


IN_ARREARS = Loan(
    "POZ/2026/0001",
    KUCHNIA,
    "120000.00",
    _terms("annuity", 36),
    ((date(2026, 2, 9), "120000.00", "WB/20260209/1"),),
)
RESTRUCTURED = Loan(
    "POZ/2026/0002",
    WARSZTAT,
    "180000.00",
    _terms("equal_principal", 48, grace_months=3),
    (
        (date(2026, 2, 9), "100000.00", "WB/20260209/2"),
        (date(2026, 2, 23), "80000.00", "WB/20260223/1"),
    ),
    waterfall="ancillary_first_hold",
    later=(
        (
            "restructure",
            date(2026, 8, 3),
            "/restructurings",
            {
                "annex": "ANEKS/POZ/2026/0002/1",
                "terms": _terms("annuity", 60, date(2026, 9, 10)),
                "capitalise_interest": False,
                "effective_on": date(2026, 8, 3),
            },
        ),
    ),
)
PREPAID = Loan(
    "POZ/2026/0003",
    HUTNIK,
    "90000.00",
    _terms("annuity", 24),
    ((date(2026, 2, 9), "90000.00", "WB/20260209/3"),),
    effect="shorten_term",
    later=(
        (
            "prepay",
            date(2026, 9, 1),
            "/payments",
            {
                "bank_reference": "WB/20260901/7",
                "amount": zlotys("40000.00"),
                "purpose": "prepayment",
                "paid_on": date(2026, 9, 1),
            },
        ),
    ),
)
LOAN_CONTRACTS: Sequence[Loan] = (IN_ARREARS, RESTRUCTURED, PREPAID)
