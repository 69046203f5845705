"""Calls, applications with all that was judged of them, and meetings of the committee."""

from collections.abc import Sequence

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.kasa.domain.application import Application
from services.kasa.domain.call import Call
from services.kasa.domain.committee import Case, Meeting
from shared.contracts.kasa.vocabulary.calls import Assessment
from shared.messaging.publication import Recorded
from shared.runtime.paging import BY_CHANGE
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        replace(writer, "calls", (_call(*each) for each in latest(batch, Call, load)))
        applications = latest(batch, Application, load)
        replace(writer, "applications", (_application(*each, load) for each in applications))
        meetings = latest(batch, Meeting, load)
        replace(writer, "meetings", (_meeting(*each, load) for each in meetings))

    return Part(
        {
            "calls": [BY_CHANGE],
            "applications": [
                BY_CHANGE,
                IndexModel([("call", ASCENDING), ("rank", DESCENDING), ("_id", ASCENDING)]),
                IndexModel([("enterprise_id", ASCENDING)]),
                IndexModel([("state", ASCENDING)]),
            ],
            "meetings": [
                BY_CHANGE,
                IndexModel([("call", ASCENDING)]),
                IndexModel([("members", ASCENDING), ("open", ASCENDING)]),
            ],
        },
        project,
    )


def _call(call: Call, last: Recorded) -> Document:
    content = call.content
    facts = content.model_dump(
        mode="json",
        include={"terms", "criteria", "criteria_source", "formal_items", "reviewers"},
    )
    return facts | {
        "_id": str(call.id),
        "position": last.position,
        "version": call.version,
        "code": call.terms.code,
        "opened_on": content.occurred_on.isoformat(),
        "closed_on": call.closed_on and call.closed_on.isoformat(),
        "awarded": call.awarded.model_dump(mode="json"),
        "left": (call.terms.budget - call.awarded).model_dump(mode="json"),
    }


def _application(application: Application, last: Recorded, load: Load) -> Document:
    origin, decided = application.origin, application.decided
    call = load(origin.call_id, 1)
    needed = call.content.reviewers
    assessed = len(application.valid_scores) >= needed
    assessment = application.assessment(call) if assessed else None
    return {
        "_id": str(application.id),
        "position": last.position,
        "version": application.version,
        "call": call.terms.code,
        "enterprise_id": str(origin.enterprise_id),
        "partner": load(origin.enterprise_id, 1).terms.partner,
        "state": application.state and application.state.value,
        "versions": [
            {"number": number, "content": content.model_dump(mode="json"), "on": on.isoformat()}
            for number, (content, on) in enumerate(
                zip(application.versions, application.written_on, strict=True), start=1
            )
        ],
        "submitted_on": application.submitted and application.submitted.occurred_on.isoformat(),
        "formal_check": application.checked
        and [each.model_dump(mode="json") for each in application.checked.results],
        "reviewers": [
            {"reviewer": who, "conflict": conflict}
            for who, conflict in application.declarations.items()
        ],
        "scores": [each.model_dump(mode="json") for _, each in sorted(application.scores.items())],
        "inputs": [each.model_dump(mode="json") for _, each in sorted(application.inputs.items())],
        "assessment": assessment and assessment.model_dump(mode="json"),
        "rank": _rank(assessment),
        "decision": application.decision and application.decision.model_dump(mode="json"),
        "decided_on": decided and decided.occurred_on.isoformat(),
        "contract": application.contract_number,
        "authors": sorted(application.authors),
        "barred": sorted(application.barred),
        "latest_on": application.latest_on.isoformat(),
        "reviewers_missing": max(0, needed - _without_conflict(application)),
    }


def _rank(assessment: Assessment | None) -> int:
    """By which applications are sorted: hundredths of points, nothing before an assessment."""
    return -1 if assessment is None else int(assessment.total * 100)


def _without_conflict(application: Application) -> int:
    return sum(conflict is not True for conflict in application.declarations.values())


def _meeting(meeting: Meeting, last: Recorded, load: Load) -> Document:
    terms = meeting.terms
    return {
        "_id": str(meeting.id),
        "position": last.position,
        "version": meeting.version,
        "call": load(terms.call_id, 1).terms.code,
        "on": terms.occurred_on.isoformat(),
        "members": list(terms.members),
        "quorum": terms.quorum,
        "open": any(
            case.proposal is not None and case.resolution is None for case in meeting.cases.values()
        ),
        "cases": [_case(str(about), case) for about, case in meeting.cases.items()],
    }


def _case(application_id: str, case: Case) -> Document:
    """Who voted is told at once, how only with the resolution."""
    return {
        "application_id": application_id,
        "recused": list(case.recused),
        "proposal": case.proposal and case.proposal.model_dump(mode="json"),
        "proposed_by": case.proposed_by or None,
        "voted": list(case.votes),
        "resolution": case.resolution and case.resolution.model_dump(mode="json"),
    }
