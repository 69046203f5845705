"""Two grant contracts: of one the report was accepted, of the other it was rejected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from demo.acts import Act, Json, officer, zlotys
from demo.calls import GRANTS
from demo.enterprises import KUCHNIA, WIKLINA, Enterprise, desk
from demo.partnership import LEAD

SIGNER: Final = officer(LEAD.id)
SECOND: Final = officer("mops-kamienna")
"""Releases what the signer prepared."""
SIGNED_ON: Final = date(2026, 5, 5)


@dataclass(frozen=True)
class Grant:
    number: str
    enterprise: Enterprise
    tranches: tuple[str, str]
    """The second one waits for the first report."""
    job_places: int
    spent: str
    """By the first report."""
    accepted: bool

    @property
    def key(self) -> str:
        return f"demo/grant/{self.number}"

    @property
    def terms(self) -> Json:
        """Without the ids of enterprise and application."""
        first, second = self.tranches
        return {
            "number": self.number,
            "source": GRANTS,
            "support": "job_place_labour_fund",
            "tranches": [
                {"number": 1, "amount": zlotys(first)},
                {"number": 2, "amount": zlotys(second), "after_report": 1},
            ],
            "conditions": [{"code": "WEKSEL", "text": "Weksel in blanco z deklaracją"}],
            "reports": [
                _report(1, SIGNED_ON, date(2026, 7, 31), date(2026, 8, 31)),
                _report(2, date(2026, 8, 1), date(2026, 12, 31), date(2027, 1, 31)),
            ],
            "job_places": self.job_places,
        }


GRANT_CONTRACTS: Sequence[Grant] = (
    Grant("DOT/2026/0001", WIKLINA, ("90000.00", "50000.00"), 4, "88640.15", accepted=True),
    Grant("DOT/2026/0002", KUCHNIA, ("50000.00", "20000.00"), 2, "49900.00", accepted=False),
)


def acts(grant: Grant, places: Sequence[str]) -> Iterator[Act]:
    """`places` are the ids of the enterprise's job places that are subsidised."""
    met_on, paid_on = date(2026, 5, 7), date(2026, 5, 8)
    condition = {"code": "WEKSEL", "met_on": met_on, "source_document": f"WEKSEL/{grant.number}"}
    yield Act("condition", SIGNER, met_on, "/conditions", condition)
    yield from _paid(grant, 1, paid_on)
    filled_on = date(2026, 5, 11)
    for number, place in enumerate(places, start=1):
        filled = {"change": "filled", "on": filled_on}
        yield Act(f"place/{number}", SIGNER, filled_on, f"/places/{place}/changes", filled)
    submitted_on, decided_on = date(2026, 8, 12), date(2026, 8, 24)
    report = {
        "spent": zlotys(grant.spent),
        "submitted_on": submitted_on,
        "source_document": f"SPR/{grant.number}/1",
    }
    yield Act("report", desk(grant.enterprise), submitted_on, "/reports/1", report)
    if grant.accepted:
        accepted = {"accepted": zlotys(grant.spent), "decided_on": decided_on}
        yield Act("accept", SIGNER, decided_on, "/reports/1/acceptance", accepted)
        yield from _paid(grant, 2, date(2026, 8, 28))
    else:
        reason = "Faktury za sprzęt bez potwierdzeń zapłaty; miejsca pracy nieobsadzone"
        rejected = {"reason": reason, "decided_on": decided_on}
        yield Act("reject", SIGNER, decided_on, "/reports/1/rejection", rejected)


def _paid(grant: Grant, tranche: int, on: date) -> Iterator[Act]:
    path = f"/tranches/{tranche}"
    yield Act(f"release/{tranche}", SECOND, on, f"{path}/release", {"released_on": on})
    reference = f"WB/{on:%Y%m%d}/{grant.number[-4:]}"
    paid = {"bank_reference": reference, "paid_on": on}
    yield Act(f"pay/{tranche}", SIGNER, on, f"{path}/payment", paid)


def _report(number: int, first: date, last: date, due: date) -> Json:
    return {"number": number, "first_day": first, "last_day": last, "due_on": due}
