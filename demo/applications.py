"""A dozen applications: what is asked, and what becomes of it until the committee meets."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from demo.acts import Act, Json, member, officer, subject, zlotys
from demo.calls import GRANT_CALL, LOAN_CALL, Call
from demo.enterprises import (
    HUTNIK,
    KUCHNIA,
    OPIEKA,
    PRALNIA,
    ROWER,
    SAD,
    SCENA,
    WARSZTAT,
    WIKLINA,
    Enterprise,
    desk,
)
from demo.gateway import Login
from demo.partnership import LEAD

CHECKER: Final = officer(LEAD.id)
REVIEWERS: Final = (member("gmina-wzgorza"), member("centrum-most"))
SUBSTITUTE: Final = officer("pup-lysogory")
"""Reviews where a reviewer has a conflict of interest."""
CRITERIA: Final[Mapping[str, tuple[str, ...]]] = {
    "loan": ("ZDOLNOSC", "RYNEK", "SPOLECZNY"),
    "grant": ("MIEJSCA", "PLAN", "SPOLECZNY"),
}
FORMAL: Final[Mapping[str, tuple[str, ...]]] = {
    "loan": ("KOMPLETNY", "UPRAWNIONY"),
    "grant": ("KOMPLETNY", "UPRAWNIONY", "BIZNESPLAN"),
}
WHY: Final[Mapping[str, str]] = {
    "ZDOLNOSC": "Przepływy z ostatnich dwóch lat i prognoza",
    "RYNEK": "Listy intencyjne odbiorców",
    "SPOLECZNY": "Miejsca pracy dla osób zagrożonych wykluczeniem",
    "MIEJSCA": "Umowy o pracę, utrzymanie po okresie trwałości",
    "PLAN": "Założenia sprzedaży i koszty",
}


@dataclass(frozen=True)
class Application:
    """`points` of the two reviewers by the criteria of the call; empty when it came to none."""

    call: Call
    enterprise: Enterprise
    purpose: str
    amount: str
    own: str
    costs: Sequence[tuple[str, str, str]]
    drafted_on: date
    points: Sequence[tuple[int, ...]] = ()
    job_places: int = 0
    term_months: int | None = None
    lacking: str | None = None
    """The formal item that is not met at first."""
    corrected: bool = True
    conflict: bool = False
    """The first reviewer turns out to have an interest in it."""
    rewritten: bool = False
    """A second version before it is submitted."""
    withdrawn: str | None = None
    declared: Sequence[tuple[date, str, str, str]] = ()
    """De minimis aid from others: day, euros, who granted it, certificate."""

    @property
    def key(self) -> str:
        return f"demo/application/{self.call.code}/{self.enterprise.code}"

    @property
    def draft(self) -> Json:
        purpose = f"{self.purpose} (szkic)" if self.rewritten else self.purpose
        return {
            "call": self.call.code,
            "content": self.content() | {"purpose": purpose},
            "drafted_on": self.drafted_on,
        }

    def content(self, *attachments: str) -> Json:
        costs = [
            {"code": code, "text": text, "amount": zlotys(amount)}
            for code, text, amount in self.costs
        ]
        return {
            "product": self.call.product,
            "purpose": self.purpose,
            "amount": zlotys(self.amount),
            "own_contribution": zlotys(self.own),
            "costs": costs,
            "job_places": self.job_places,
            "commune": self.enterprise.teryt,
            "term_months": self.term_months,
            "attachments": [f"ZAL/{self.enterprise.code}/1", *attachments],
        }


APPLICATIONS: Final[Sequence[Application]] = (
    Application(LOAN_CALL, KUCHNIA, "Kuchnia cateringowa na 300 posiłków dziennie", "120000.00", "15000.00", (("PIEC", "Piece konwekcyjne", "75000.00"), ("LOKAL", "Dostosowanie lokalu", "60000.00")), date(2025, 12, 3), ((31, 22, 15), (29, 24, 16)), 2, 36),
    Application(LOAN_CALL, WARSZTAT, "Frezarka i odciąg do warsztatu stolarskiego", "180000.00", "20000.00", (("FREZARKA", "Frezarka CNC", "160000.00"), ("ODCIAG", "Odciąg wiórów", "40000.00")), date(2025, 12, 4), ((30, 21, 14), (28, 22, 15)), 3, 48),
    Application(LOAN_CALL, HUTNIK, "Samochód dostawczy do odbioru mebli", "90000.00", "10000.00", (("AUTO", "Samochód dostawczy", "100000.00"),), date(2025, 12, 8), ((35, 25, 15), (36, 24, 14)), 1, 24, rewritten=True),
    Application(LOAN_CALL, SAD, "Tłocznia soków", "150000.00", "5000.00", (("LINIA", "Linia do tłoczenia", "155000.00"),), date(2025, 12, 10), ((15, 18, 12), (18, 16, 12)), 2, 60),
    Application(LOAN_CALL, OPIEKA, "Wypożyczalnia sprzętu rehabilitacyjnego", "60000.00", "0.00", (("SPRZET", "Łóżka i podnośniki", "60000.00"),), date(2025, 12, 15), ((24, 20, 17), (25, 19, 18)), 0, 36, lacking="KOMPLETNY"),
    Application(GRANT_CALL, WIKLINA, "Wyplatanie i naprawa mebli wiklinowych", "140000.00", "0.00", (("STANOWISKA", "Cztery stanowiska pracy", "96000.00"), ("PIEC", "Parnik i piec", "44000.00")), date(2026, 3, 6), ((31, 22, 13), (30, 24, 12)), 4, rewritten=True),
    Application(GRANT_CALL, KUCHNIA, "Dwa miejsca pracy przy wydawaniu posiłków", "70000.00", "4000.00", (("WYDAWKA", "Wyposażenie wydawki", "74000.00"),), date(2026, 3, 9), ((28, 21, 12), (27, 22, 13)), 2),
    Application(GRANT_CALL, PRALNIA, "Pralnia dla domów pomocy", "105000.00", "10000.00", (("PRALKI", "Pralnice i suszarnie", "115000.00"),), date(2026, 3, 10), ((30, 24, 13), (28, 23, 12)), 3, lacking="BIZNESPLAN", conflict=True),
    Application(GRANT_CALL, ROWER, "Naprawa rowerów miejskich", "35000.00", "0.00", (("NARZEDZIA", "Narzędzia", "35000.00"),), date(2026, 3, 16), (), 1, lacking="UPRAWNIONY", corrected=False),
    Application(GRANT_CALL, SCENA, "Scena letnia i warsztaty", "70000.00", "0.00", (("SCENA", "Scena i nagłośnienie", "70000.00"),), date(2026, 3, 18), ((16, 14, 10), (14, 13, 11)), 2),
    Application(GRANT_CALL, OPIEKA, "Dwa miejsca pracy w opiece domowej", "80000.00", "0.00", (("AUTO", "Samochód", "62000.00"), ("WYPOSAZENIE", "Wyposażenie stanowisk", "18000.00")), date(2026, 3, 19), ((32, 24, 14), (31, 25, 13)), 2, declared=((date(2025, 3, 18), "150000.00", "Urząd Marszałkowski", "DM/118/2025"), (date(2025, 9, 30), "136500.00", "Powiatowy Urząd Pracy", "DM/77/2025"))),
    Application(GRANT_CALL, HUTNIK, "Pracownia tapicerska", "70000.00", "0.00", (("MASZYNY", "Maszyny do szycia", "70000.00"),), date(2026, 3, 24), (), 2, withdrawn="Wnioskodawca dostał środki z innego programu"),
)  # fmt: skip


def before_review(application: Application) -> Iterator[Act]:
    """From the draft to the end of the formal check, or to the withdrawal."""
    by, call = desk(application.enterprise), application.call
    on = application.drafted_on
    if application.rewritten:
        rewritten = {"content": application.content(), "revised_on": on + timedelta(1)}
        yield Act("rewrite", by, on + timedelta(1), "/versions", rewritten)
    on += timedelta(3)
    yield Act("submit", by, on, "/submission", {"submitted_on": on})
    if application.withdrawn:
        on += timedelta(2)
        body = {"reason": application.withdrawn, "withdrawn_on": on}
        yield Act("withdraw", by, on, "/withdrawal", body)
        return
    on += timedelta(2)
    yield _check("check", call, on, application.lacking)
    if not application.lacking or not application.corrected:
        return
    on += timedelta(3)
    content = application.content(f"ZAL/{application.enterprise.code}/2")
    yield Act("correct", by, on, "/versions", {"content": content, "revised_on": on})
    yield Act("submit-again", by, on, "/submission", {"submitted_on": on})
    on += timedelta(2)
    yield _check("check-again", call, on, None)


def counting(application: Application, participant: str, certificate: str) -> Act:
    """A founder's certificate, for the points of a completed course."""
    on = application.drafted_on + timedelta(6)
    body = {"participant_id": participant, "certificate_id": certificate, "recorded_on": on}
    return Act("certificate", CHECKER, on, "/certificates", body)


def review(application: Application) -> Iterator[Act]:
    """Reviewers are assigned, declare their interest and give their points."""
    if not application.points:
        return
    on = application.call.met_on - timedelta(14)
    reviewers = [*REVIEWERS]
    if application.conflict:
        yield from _assigned(reviewers[0], on, conflict=True)
        reviewers[0] = SUBSTITUTE
    for reviewer, points in zip(reviewers, application.points, strict=True):
        yield from _assigned(reviewer, on, conflict=False)
        given = zip(CRITERIA[application.call.offer], points, strict=True)
        body = {
            "points": [
                {"criterion": criterion, "points": each, "justification": WHY[criterion]}
                for criterion, each in given
            ],
            "scored_on": on,
        }
        yield Act(f"score/{subject(reviewer)}", reviewer, on, "/scores", body)


def _assigned(reviewer: Login, on: date, *, conflict: bool) -> Iterator[Act]:
    who = subject(reviewer)
    body = {"reviewer": who, "assigned_on": on}
    yield Act(f"assign/{who}", CHECKER, on, "/reviewers", body)
    declared = {"conflict": conflict, "declared_on": on}
    yield Act(f"declare/{who}", reviewer, on, "/declarations", declared)


def _check(name: str, call: Call, on: date, lacking: str | None) -> Act:
    results = [
        {"code": code, "met": False, "remark": "Do uzupełnienia w ciągu 7 dni"}
        if code == lacking
        else {"code": code, "met": True}
        for code in FORMAL[call.offer]
    ]
    return Act(name, CHECKER, on, "/check", {"results": results, "checked_on": on})
