from datetime import date
from typing import Any

from services.reporting.domain.history.facts import Fact
from services.reporting.domain.risks import (
    Approval,
    Cost,
    Risk,
    double_funding,
    late_entries,
    overlapping_sessions,
    self_approval,
    stretches,
    too_long_a_day,
)
from tests.reporting.domain.telling import Telling, who

DAY = date(2022, 5, 4)


def taught(telling: Telling, starts: str, ends: str, minutes: int, trainer: str = "anna") -> Fact:
    return telling.tell(
        "training.trainer_hours_delivered",
        50 + len(telling.facts),
        DAY,
        trainer=trainer,
        delivered_on=DAY.isoformat(),
        starts=starts,
        ends=ends,
        minutes=minutes,
    )


def advised(telling: Telling, starts: str, minutes: int, adviser: str = "anna") -> Fact:
    day = DAY.isoformat()
    facts: dict[str, Any] = {"delivered_on": day, "starts": starts, "minutes": minutes}
    return telling.tell("kasa.advice_delivered", 80, DAY, adviser=adviser, **facts)


def test_hours_of_one_person_overlap_across_services() -> None:
    telling = Telling()
    long = taught(telling, "09:00", "15:00", 300)
    within = taught(telling, "10:00", "11:00", 60)
    advice = advised(telling, "14:30:00", 60)
    advised(telling, "15:30", 60)
    taught(telling, "14:00", "16:00", 120, "other")
    alerts = list(overlapping_sessions(stretches(telling.facts)))
    assert [alert.facts for alert in alerts] == [
        (long.origin, within.origin),
        (long.origin, advice.origin),
    ]
    assert {alert.whom for alert in alerts} == {"anna"}


def test_hours_that_touch_do_not_overlap() -> None:
    telling = Telling()
    taught(telling, "09:00", "11:00", 120)
    advised(telling, "11:00", 30)
    assert not list(overlapping_sessions(stretches(telling.facts)))


def test_more_than_24_hours_of_one_day_are_too_many() -> None:
    telling = Telling()
    telling.attended(50, DAY, p1=900, p2=900)
    telling.attended(51, DAY, p1=541, p2=540)
    (alert,) = too_long_a_day(telling.facts)
    assert (alert.risk, alert.whom, alert.on) == (Risk.TOO_LONG_A_DAY, str(who(1)), DAY)
    assert {origin.position for origin in alert.facts} == {1, 2}


def test_a_corrected_attendance_counts_as_corrected() -> None:
    telling = Telling()
    telling.attended(50, DAY, p1=900)
    telling.attended(51, DAY, p1=900)
    telling.tell(
        "training.attendance_corrected",
        1,
        DAY,
        session_id=str(who(50)),
        held_on=DAY.isoformat(),
        minutes=90,
    )
    assert not list(too_long_a_day(telling.facts))


def test_one_document_in_two_claims_is_funded_twice() -> None:
    costs = [
        Cost("5260250995", "FV 12/2022", DAY, "claim-1"),
        Cost("5260250995", "fv12/2022", DAY, "claim-2"),
        Cost("7010001112", "FV 12/2022", DAY, "claim-2"),
    ]
    (alert,) = double_funding(costs)
    assert alert.references == ("claim-1", "claim-2")


def test_who_asks_does_not_approve() -> None:
    approvals = [
        Approval("claim-1", DAY, "anna", "piotr"),
        Approval("claim-2", DAY, "anna", "anna"),
    ]
    (alert,) = self_approval(approvals)
    assert alert.references == ("claim-2",)


def test_an_entry_is_late_after_so_many_days() -> None:
    telling = Telling()
    telling.enrolled(1, DAY, recorded=date(2022, 5, 18))
    late = telling.enrolled(2, DAY, recorded=date(2022, 5, 19))
    (alert,) = late_entries(telling.facts, days=14)
    assert alert.facts == (late.origin,)
