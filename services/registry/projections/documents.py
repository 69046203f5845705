"""Aggregates → documents of the read models, with what is personal set apart for sealing."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel

from services.registry.domain.corrections import Correction, PersonalChange, StepsChange
from services.registry.domain.countability import countable, gaps_of
from services.registry.domain.duplicates import DuplicateCase
from services.registry.domain.identifiers import discrepancies
from services.registry.domain.participant import Participant
from services.registry.domain.participant_history import Episode
from services.registry.domain.personal_record import split
from services.registry.domain.proposals import Proposal
from services.registry.domain.recruitment import Score
from services.registry.domain.rules import RegistryRules
from services.registry.domain.tasks import DueTask, due_tasks
from services.registry.projections.retention import decide_erasure_task
from shared.contracts.registry.vocabulary import Gap, LikenessReason, TaskKind
from shared.kernel.personal import Absent, DataClass
from shared.messaging.publication import Recorded

Document = dict[str, Any]


class Draft(NamedTuple):
    """A document before its boxes are sealed."""

    collection: str
    subject: UUID
    document: Document
    personal: Mapping[DataClass, Document]

    @property
    def place(self) -> str:
        """What the boxes are bound to."""
        version = self.document["version"]
        return f"registry_views/{self.collection}/{self.document['_id']}/{version}"


def participant_draft(
    participant: Participant,
    position: int,
    suspected: Sequence[Document],
    retention: Document | None,
    day: date,
    rules: RegistryRules,
) -> Draft:
    """`day` is that of the latest recording, so that a rebuild renders the same document."""
    second_of = [case for case in suspected if case["second"] == str(participant.id)]
    blocked = any(case["likeness"]["reason"] == LikenessReason.SAME_PESEL for case in second_of)
    missing = gaps_of(participant, today=day, suspected=blocked, rules=rules)
    parts = _personal_parts(participant)
    erased = [name for name, values in parts.items() if _holds_mark(values)]
    document = {
        "_id": str(participant.id),
        "position": position,
        "version": participant.version,
        "kind": participant.kind,
        "status": participant.status,
        "partner": participant.partner,
        "applied_on": participant.applied_on,
        "enrolled": participant.started_on is not None,
        "countable": countable(participant, missing),
        "gaps": missing,
        "discrepancies": discrepancies(participant.personal.current()),
        "score": participant.score and _score(participant.score),
        "episodes": [_episode(each) for each in participant.episodes],
        "proposed_results": [_proposal(each) for each in participant.open_proposals],
        "consents": [asdict(each) for each in participant.consents],
        "suspected_duplicates": [case["_id"] for case in suspected],
        "merged_into": participant.merged_into,
        "tasks": [
            *(_task(each, missing) for each in due_tasks(participant, missing, rules)),
            *map(_resolve, second_of),
            *decide_erasure_task(retention, rules),
        ],
        "erased": erased,
        "restricted": retention is not None and retention["restricted"],
    }
    readable = {name: _plain(values) for name, values in parts.items() if name not in erased}
    return Draft(
        "participants",
        participant.id,
        _document(document),
        {name: values for name, values in readable.items() if _holds_anything(values)},
    )


def _personal_parts(participant: Participant) -> dict[DataClass, Document]:
    """By the key that each is sealed under."""
    personal = participant.personal.current()
    return {
        DataClass.IDENTITY: {"data": personal.identity, "reference": participant.reference},
        DataClass.MONITORING: {
            "data": personal.monitoring,
            "situations": [[each.outcome, each.follow_up] for each in participant.episodes],
            "proposed": [each.situation for each in participant.open_proposals],
        },
        DataClass.SPECIAL: {
            "data": personal.special,
            "exit_reasons": [each.exit_reason for each in participant.episodes],
            "points": participant.score and participant.score.points,
        },
    }


def _score(score: Score) -> Document:
    return {
        "scored_on": score.scored_on,
        "criteria_version": score.criteria_version,
        "total": score.total,
    }


def _episode(episode: Episode) -> Document:
    return {
        "started_on": episode.started_on,
        "support": episode.support,
        "exited_on": episode.exited_on,
        "as_planned": episode.as_planned,
        "outcome_observed_on": episode.outcome_observed_on,
        "follow_up_observed_on": episode.follow_up_observed_on,
    }


def _proposal(proposal: Proposal) -> Document:
    return {
        "proposal_id": proposal.id,
        "kind": proposal.kind,
        "exited_on": proposal.exited_on,
        "observed_on": proposal.observed_on,
        "proposed_on": proposal.proposed_on,
    }


def _task(task: DueTask, missing: Sequence[Gap]) -> Document:
    gaps = missing if task.kind is TaskKind.COMPLETE_RECORD else ()
    return task._asdict() | {"gaps": gaps, "case_id": None}


def _resolve(case: Document) -> Document:
    """One task for a pair: on the record that came second."""
    return {
        "kind": TaskKind.RESOLVE_DUPLICATE,
        "opens_on": case["suspected_on"],
        "due_on": None,
        "correction_id": None,
        "proposal_id": None,
        "gaps": (),
        "case_id": case["_id"],
    }


def correction_draft(participant: Participant, correction: Correction) -> Draft:
    change = correction.change
    parts, fields, steps = (
        (_personal_change(change), change.fields, ())
        if isinstance(change, PersonalChange)
        else (_steps_change(change), (), _steps(change))
    )
    parts.setdefault(DataClass.SPECIAL, {})["reason"] = correction.reason
    document = {
        "_id": str(correction.id),
        "version": participant.version,
        "participant_id": participant.id,
        "participant_version": participant.version,
        "partner": participant.partner,
        "requested_on": correction.requested_on,
        "requested_by": correction.requested_by,
        "fields": fields,
        "steps": steps,
        "source_document": correction.source_document,
        "state": correction.state,
        "decided_on": correction.decided_on,
        "decided_by": correction.decided_by,
    }
    readable = {
        name: _plain(each)
        for name, each in parts.items()
        if _holds_anything(each) and not _holds_mark(each)
    }
    return Draft("corrections", participant.id, _document(document), readable)


def _personal_change(change: PersonalChange) -> dict[DataClass, Document]:
    parts: dict[DataClass, Document] = {}
    for pointer in change.fields:
        data_class, name = split(pointer)
        fact = change.replaced[pointer]
        proposed = getattr(change.proposed, data_class)
        part = parts.setdefault(data_class, {"before": {}, "after": {}})
        part["before"][name] = fact and fact.value
        part["after"][name] = getattr(proposed, name, None)
    return parts


def _steps(change: StepsChange) -> list[Document]:
    """What stays in clear of the steps."""
    return [
        {
            "version": step.version,
            "step": step.step,
            "before": {"occurred_on": before.occurred_on, "as_planned": before.as_planned},
            "after": {"occurred_on": after.occurred_on, "as_planned": after.as_planned},
        }
        for step, before, after in zip(
            change.amendment.steps, change.before, change.after, strict=True
        )
    ]


def _steps_change(change: StepsChange) -> dict[DataClass, Document]:
    """The personal facts of each step, in the order of the steps in clear."""
    return {
        data_class: {
            "steps": [
                {
                    "before": {name: getattr(before, name)},
                    "after": {name: getattr(after, name)},
                }
                for before, after in zip(change.before, change.after, strict=True)
            ]
        }
        for data_class, name in (
            (DataClass.MONITORING, "situation"),
            (DataClass.SPECIAL, "exit_reason"),
        )
    }


def case_document(case: DuplicateCase, last: Recorded) -> Document:
    return _document(
        {
            "_id": str(case.id),
            "position": last.position,
            "version": case.version,
            "state": case.state,
            "likeness": case.likeness,
            "suspected_on": case.latest_on,
            "first": case.first,
            "second": case.second,
        }
    )


def timeline_entry(recorded: Recorded, rules: RegistryRules) -> Document:
    event = recorded.event
    recorded_on = recorded.at.astimezone(UTC).date()
    return _document(
        {
            "_id": recorded.position,
            "position": recorded.position,
            "participant_id": getattr(event, "participant_id", event.originator_id),
            "version": event.originator_version,
            "event": event.TOPIC,
            "occurred_on": event.occurred_on,
            "recorded_at": recorded.at.isoformat(),
            "actor": recorded.meta["actor"],
            "role": recorded.meta["role"],
            "command": recorded.meta["command"],
            "late": (recorded_on - event.occurred_on).days
            > rules.late_recording_days.on(recorded_on),
        }
    )


def _holds_mark(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_holds_mark, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_holds_mark, value))
    return isinstance(value, Absent)


def _holds_anything(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_holds_anything, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_holds_anything, value))
    return value is not None


def _document(values: Mapping[str, Any]) -> Document:
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:  # noqa: PLR0911 - one case per kind of value
    """As JSON values: days and ids as text, so that documents compare and sort as they read."""
    match value:
        case BaseModel():
            return value.model_dump(mode="json")
        case Mapping():
            return {str(name): _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case str():
            return str(value)
        case _:
            return value
