"""What is wrong with the data is told to those who can mend it; what is odd, to those who check."""

from datetime import date

from shared.contracts.access import Role
from shared.contracts.reporting.views import checks as views
from shared.contracts.training import events as training
from tests.driving import caller
from tests.reporting.conftest import Reporting
from tests.reporting.telling import STARTED, enrolled, person, registered, tell_on
from tests.reporting.working import asked

OWN = caller(Role.CASEWORKER, "mops-kamienna")
OTHER = caller(Role.CASEWORKER, "mops-gdansk")
ASK = views.CheckData(set_code="esf2014", problem=views.DataProblem.INCOMPLETE)


def test_missing_data_is_told_to_the_case_worker_of_the_partner(reporting: Reporting) -> None:
    who = person(1)
    tell_on(reporting, STARTED, registered(reporting, who, education=None), enrolled(who))
    (found,) = asked(reporting, "check_data", ASK, OWN).items
    assert (found.participant_id, found.detail, found.mended_by) == (
        who,
        "education",
        Role.CASEWORKER,
    )
    assert asked(reporting, "check_data", ASK, OTHER).items == ()


def hours(session: int, starts: str, ends: str) -> training.TrainerHoursDelivered:
    return training.TrainerHoursDelivered(
        subject=person(session),
        edition_id=person(90),
        trainer="oidc|trainer",
        contract="UZ/1",
        delivered_on=STARTED,
        starts=starts,
        ends=ends,
        minutes=60,
    )


def test_overlapping_hours_and_late_entries_lead_to_their_events(reporting: Reporting) -> None:
    tell_on(reporting, STARTED, hours(91, "09:00", "10:30"), hours(92, "10:00", "11:00"))
    tell_on(reporting, date(2026, 3, 30), enrolled(person(1)))
    overlapping, late = asked(reporting, "check_risks", views.CheckRisks()).items
    if overlapping.risk is views.RiskKind.LATE_ENTRY:
        overlapping, late = late, overlapping
    assert (overlapping.whom, overlapping.facts) == ("oidc|trainer", ("training/1", "training/3"))
    assert (late.whom, late.facts) == (str(person(1)), ("registry/1",))
