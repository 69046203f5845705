"""From a participant's certificate to the repaid loan, through the gateway, with the real processes:
a course ends, two who took part found a cooperative, are advised, apply, get a grant and a loan.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from kombu import Connection, Exchange, Queue

from tests.stories.course import LENGTH, PARTNER, Course, course, group
from tests.stories.lender import COMMITTEE, REVIEWERS, SOURCE, Lender, ago, heard, zlotys
from tests.stories.playground import Refused, User, eventually

LOAN, GRANT, CALL = "POZ/2026/0001", "DOT/2026/0001", "DOT/2026/1"
MAILBOX = "story.listener"
IBAN = "PL61109010140000071219812874"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(500)]


@dataclass
class Story:
    course: Course
    lender: Lender
    enterprise: str
    place: str
    application: str = ""
    grant: str = ""
    loan: str = ""
    refused: dict[str, str] = field(default_factory=dict)
    """Codes of what was refused on the way, by what was tried."""
    imports: list[dict[str, Any]] = field(default_factory=list)
    """The jobs that imported the statement."""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with course(tmp_path_factory.mktemp("fund"), sessions=2) as held:
        _listen(held)
        certificate = _certified(held)
        lender = Lender(held.platform)
        lender.endow("500000.00")
        lender.announce(0, 91)
        anna, bolek = held.participants
        founders = ({"participant_id": anna}, {"participant_id": bolek}, {"number": "Z-1"})
        enterprise = lender.found(founders, PARTNER)
        place = lender.employ(enterprise, {"participant_id": anna})
        told = Story(held, lender, enterprise, place)
        _advise(told)
        _apply(told, anna, certificate)
        _decide(told)
        _grant(told)
        _lend(told)
        _repay(told)
        yield told


def _certified(held: Course) -> str:
    """The id of Anna's certificate."""
    held.begin(group(2))
    marks = [{"participant_id": each, "minutes": LENGTH} for each in held.participants]
    for session in held.sessions:
        path = f"/sessions/{session}/attendance"
        receipt = held.trainer.give(path, {"marks": marks}, version=1)
        held.settle(session, receipt["version"])
    for participant in held.participants:
        held.confirm(participant)
    held.close()
    issued = held.coordinator.finished(held.order_certificates())["issued"]
    by_holder = {each["participant_id"]: each["certificate_id"] for each in issued}
    return str(by_holder[held.participants[0]])


def _advise(told: Story) -> None:
    adviser = told.course.caseworker
    body = {"enterprise_id": told.enterprise, "opened_on": ago(30)}
    case = adviser.give("/advice/cases", body)
    path, version = f"/advice/cases/{case['id']}", case["version"]
    consultation = {
        "held_on": ago(29),
        "starts": "09:00",
        "minutes": 120,
        "topic": "business_plan",
        "adviser": f"caseworker@{PARTNER}",
        "outcome": "document_prepared",
        "evidence": "KD/1",
    }
    version = adviser.give(f"{path}/consultations", consultation, version=version)["version"]
    shown = adviser.read(path, at_least=case["position"])
    for item in shown["readiness"]["items"]:
        met = {"item": item["code"], "evidence": "D/1", "met_on": ago(28)}
        version = adviser.give(f"{path}/checklist", met, version=version)["version"]


def _apply(told: Story, holder: str, certificate: str) -> None:
    """For a grant, with the certificate as one of the criteria; two reviewers give points."""
    lender, today = told.lender, ago(0)
    lender.declare(told.enterprise, 0)
    terms = {
        "code": CALL,
        "title_pl": "Dotacje na start",
        "title_en": "Grants for a start",
        "offer": "grant",
        "source": SOURCE,
        "budget": zlotys("100000.00"),
        "products": ["START"],
        "regulation": "2023/2831",
        "first_day": ago(20),
        "last_day": today,
    }
    lender.coordinator.give("/calls", {"terms": terms, "opened_on": ago(20)})
    content = {
        "product": "START",
        "purpose": "Kuźnia artystyczna",
        "amount": zlotys("40000.00"),
        "own_contribution": zlotys("0.00"),
        "costs": [{"code": "PIEC", "text": "Piec kowalski", "amount": zlotys("40000.00")}],
        "job_places": 1,
        "commune": "2611011",
    }
    drafted = told.course.caseworker.give(
        "/applications",
        {
            "call": CALL,
            "enterprise_id": told.enterprise,
            "content": content,
            "drafted_on": today,
        },
    )
    told.application, path = drafted["id"], f"/applications/{drafted['id']}"
    version = drafted["version"]
    submitted = {"submitted_on": today}
    version = told.course.caseworker.give(f"{path}/submission", submitted, version=version)[
        "version"
    ]
    met = [{"code": code, "met": True} for code in ("KOMPLETNY", "UPRAWNIONY", "BIZNESPLAN")]
    checked = {"results": met, "checked_on": today}
    version = lender.officer.give(f"{path}/check", checked, version=version)["version"]
    counted = {"participant_id": holder, "certificate_id": certificate, "recorded_on": today}
    version = heard(lender.officer, f"{path}/certificates", counted, version)["version"]
    points = [
        {"criterion": code, "points": each, "justification": "Zasadne"}
        for code, each in (("MIEJSCA", 25), ("PLAN", 20), ("SPOLECZNY", 10))
    ]
    for reviewer, partner in zip(lender.reviewers, REVIEWERS, strict=True):
        assigned = {"reviewer": f"committee_member@{partner}", "assigned_on": today}
        version = lender.officer.give(f"{path}/reviewers", assigned, version=version)["version"]
        declared = {"conflict": False, "declared_on": today}
        version = reviewer.give(f"{path}/declarations", declared, version=version)["version"]
        scored = {"points": points, "scored_on": today}
        version = reviewer.give(f"{path}/scores", scored, version=version)["version"]


def _decide(told: Story) -> None:
    """One who proposes does not sign."""
    lender = told.lender
    convened = {
        "call": CALL,
        "members": [f"committee_member@{each}" for each in COMMITTEE],
        "on": ago(0),
    }
    meeting = lender.coordinator.give("/meetings", convened)
    path = f"/meetings/{meeting['id']}/cases/{told.application}"
    first, second, _ = lender.members
    proposed = {"outcome": "support", "amount": zlotys("40000.00")}
    version = first.give(f"{path}/proposals", proposed, version=meeting["version"])["version"]
    for member in lender.members:
        version = member.give(f"{path}/votes", {"vote": "for"}, version=version)["version"]
    told.refused["sign what one proposed"] = _code(
        lambda: first.give(f"{path}/resolution", {}, version=version)
    )
    second.give(f"{path}/resolution", {}, version=version)


def _grant(told: Story) -> None:
    lender, today = told.lender, ago(0)
    terms = {
        "number": GRANT,
        "enterprise_id": told.enterprise,
        "application_id": told.application,
        "source": SOURCE,
        "support": "other",
        "tranches": [{"number": 1, "amount": zlotys("40000.00")}],
        "reports": [
            {
                "number": 1,
                "first_day": today,
                "last_day": ago(-30),
                "due_on": ago(-60),
            }
        ],
        "job_places": 1,
    }
    signed = lender.officer.give("/grants", {"terms": terms, "signed_on": today})
    told.grant, path, version = signed["id"], f"/grants/{signed['id']}", signed["version"]
    released = {"released_on": today}

    def release(by: User) -> int:
        end = f"{path}/tranches/1/release"
        return int(by.give(end, released, version=version)["version"])

    told.refused["release what one signed"] = _code(lambda: release(lender.officer))
    version = release(lender.second)
    paid = {"bank_reference": "WB/G/1", "paid_on": today}
    lender.officer.give(f"{path}/tranches/1/payment", paid, version=version)


def _lend(told: Story) -> None:
    """Paid out when the condition is met, as one person asked and another one approved."""
    lender = told.lender
    lender.declare(told.enterprise, 95)
    loan = told.loan = lender.sign(told.enterprise, LOAN, "20000.00")
    early = _code(lambda: lender.ask(loan, "20000.00", "DYSP/1"))
    told.refused["pay out before the conditions"] = early
    lender.meet_condition(loan)
    request = lender.ask(loan, "20000.00", "DYSP/1")
    own = _code(lambda: lender.approve(lender.officer, loan, request))
    told.refused["approve what one asked for"] = own
    lender.approve(lender.second, loan, request)
    lender.pay_out(loan, request, "WB/L/1")


def _repay(told: Story) -> None:
    """All instalments by one statement, which is then imported again."""
    lender = told.lender
    rows = lender.card(told.loan)["schedule"]
    lines = "".join(
        f"WB/R/{row['number']};{row['due_on']};{row['due_on']};"
        f"{Decimal(row['principal']) + Decimal(row['interest'])};PLN;{IBAN};poz 2026 1 rata\n"
        for row in rows
    )
    header = "Numer operacji;Data księgowania;Data waluty;Kwota;Waluta;Rachunek kontrahenta;Tytuł\n"
    for _ in range(2):
        started = lender.officer.upload(
            "/bank/statements", (header + lines).encode(), source=SOURCE
        )
        told.imports.append(lender.officer.finished(f"/bank/statements/{started['id']}"))
    eventually(lambda: lender.card(told.loan)["state"] == "repaid" or None)


def _code(step: Callable[[], object]) -> str:
    """Of the refusal that is expected."""
    with pytest.raises(Refused) as refused:
        step()
    return refused.value.code


def _listen(held: Course) -> None:
    """Another consumer of kasa's public events, from the beginning."""
    with Connection(held.broker.uri) as connection, connection.channel() as channel:
        exchange = Exchange("kasa.events", type="topic", no_declare=True)
        Queue(MAILBOX, exchange, routing_key="#", durable=True)(channel).declare()


def _heard(held: Course) -> list[str]:
    """The types of the events that came, once they have come."""
    types = []
    with Connection(held.broker.uri) as connection, connection.channel() as channel:
        mailbox = Queue(MAILBOX)(channel)
        while (message := mailbox.get()) is not None:
            types.append(message.headers["cloudEvents_type"])
            message.ack()
    return types


def test_the_certificate_counts_among_the_points_of_the_decision(story: Story) -> None:
    found = story.lender.coordinator.read(f"/applications/{story.application}")
    assert found["state"] == "decided"
    [counted] = found["decision"]["inputs"]
    assert (counted["criterion"], counted["points"]) == ("SZKOLENIE", 10)
    assert Decimal(found["assessment"]["total"]) == Decimal(25 + 20 + 10 + 10)
    assert found["contract"] == GRANT


def test_nobody_does_alone_what_takes_two_and_nothing_comes_before_its_condition(
    story: Story,
) -> None:
    assert story.refused == {
        "sign what one proposed": "four_eyes",
        "release what one signed": "four_eyes",
        "approve what one asked for": "four_eyes",
        "pay out before the conditions": "kasa.conditions_unmet",
    }


def test_the_advised_cooperative_is_ready_to_apply_and_has_its_worker(story: Story) -> None:
    [case] = story.lender.officer.read("/advice/cases", enterprise_id=story.enterprise)["items"]
    assert story.lender.officer.read(f"/advice/cases/{case['id']}")["readiness"]["ready"]
    enterprise = story.lender.officer.read(f"/enterprises/{story.enterprise}")
    assert enterprise["state"] == "active"
    [place] = enterprise["places"]
    assert place["place_id"] == story.place
    assert place["person"]["participant_id"] == story.course.participants[0]


def test_the_statement_repays_the_loan_and_coming_again_changes_nothing(story: Story) -> None:
    first, again = story.imports
    assert (first["matched"], first["queued"], first["rejected"]) == (2, 0, 0)
    assert (again["matched"], again["unchanged"]) == (0, 2)
    card = story.lender.card(story.loan)
    assert card["state"] == "repaid"
    assert {card["balances"][each] for each in ("principal", "penalty", "payoff")} == {"0.00"}
    assert len(card["payments"]) == 2


def test_both_kinds_of_support_are_aid_of_one_undertaking(story: Story) -> None:
    path = f"/enterprises/{story.enterprise}/undertaking"
    undertaking = story.lender.officer.read(path)
    assert len(undertaking["aid"]) == 2
    used = sum(Decimal(each["amount"]["amount"]) for each in undertaking["aid"])
    rooms = {each["regulation"]: each for each in undertaking["rooms"]}
    assert Decimal(rooms["2023/2831"]["used"]["amount"]) == used


def test_the_fund_reconciles_with_its_contracts(story: Story) -> None:
    found = story.lender.reconciled()
    assert found["contracts"] == 2
    balances = {name: Decimal(each) for name, each in story.lender.balances().items()}
    assert balances["disbursed"] == Decimal("60000.00")
    assert balances["repaid"] == Decimal("20000.00")
    assert balances["committed"] == 0
    assert balances["free"] == 500_000 - 40_000 + balances["income"] > 460_000


def test_another_consumer_hears_each_public_event_once(story: Story) -> None:
    expected = {
        "kasa.advice_delivered.v1",
        "kasa.application_decided.v1",
        "kasa.contract_signed.v1",
        "kasa.de_minimis_granted.v1",
        "kasa.disbursed.v1",
        "kasa.enterprise_founded.v1",
        "kasa.job_place_created.v1",
        "kasa.repaid.v1",
    }
    types: list[str] = []

    def complete() -> bool | None:
        types.extend(_heard(story.course))
        return (expected <= set(types) and types.count("kasa.repaid.v1") >= 2) or None

    eventually(complete)
    counts = Counter(types)
    assert counts["kasa.enterprise_founded.v1"] == counts["kasa.application_decided.v1"] == 1
    assert counts["kasa.contract_signed.v1"] == counts["kasa.disbursed.v1"] == 2
    assert counts["kasa.de_minimis_granted.v1"] == counts["kasa.repaid.v1"] == 2
