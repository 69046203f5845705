"""Participant documents → participant views, with the boxes opened that the caller may see."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from shared.contracts.registry import views
from shared.contracts.registry.vocabulary import IdentityData, MonitoringData, SpecialData
from shared.contracts.scope import Scope
from shared.eventstore.vault import Vault
from shared.kernel.personal import ERASED, Absent, DataClass, SealedBox

Document = Mapping[str, Any]
Private = dict[DataClass, dict[str, Any] | Absent]
"""What the boxes of one document held; a data class that was not opened is not in it."""


def open_boxes(
    vault: Vault, documents: Sequence[Document], classes: frozenset[DataClass]
) -> list[Private]:
    """Open the boxes of many documents with one look-up of keys."""
    wanted = [
        (index, SealedBox.model_validate(box))
        for index, document in enumerate(documents)
        for name, box in document["boxes"].items()
        if DataClass(name) in classes
    ]
    found: list[Private] = [{} for _ in documents]
    for (index, box), values in zip(
        wanted, vault.open_many([box for _, box in wanted]), strict=True
    ):
        found[index][box.data_class] = values
    return found


def participant_views(
    vault: Vault, documents: Sequence[Document], scope: Scope
) -> list[views.Participant]:
    opened = open_boxes(vault, documents, scope.data_classes)
    return [
        _view(document, private, scope) for document, private in zip(documents, opened, strict=True)
    ]


def visible(document: Document, scope: Scope) -> frozenset[DataClass]:
    """Restricted data are kept for the erasure and its legal check only, which is the work of those
    who answer for the whole partnership (GDPR art. 18(2)); the person sees what is kept.
    """
    mine = scope.participant_id is not None and str(scope.participant_id) == document["_id"]
    free = not document["restricted"] or scope.whole_partnership or mine
    return scope.data_classes if free else frozenset()


def participant_names(vault: Vault, documents: Sequence[Document]) -> list[views.ParticipantName]:
    """Who is erased, or whose name is not known whole, is left out."""
    opened = open_boxes(vault, documents, frozenset({DataClass.IDENTITY}))
    found = []
    for document, private in zip(documents, opened, strict=True):
        identity = _part(document, private, DataClass.IDENTITY) or _NOTHING
        given, family = (identity["data"].get(name) for name in ("given_name", "family_name"))
        if given and family:
            found.append(
                views.ParticipantName(
                    id=UUID(document["_id"]), given_name=given, family_name=family
                )
            )
    return found


def _view(document: Document, private: Private, scope: Scope) -> views.Participant:
    classes = visible(document, scope)
    parts = {name: _part(document, private, name) for name in classes}
    identity = parts.get(DataClass.IDENTITY)
    monitoring = parts.get(DataClass.MONITORING)
    special = parts.get(DataClass.SPECIAL)
    return views.Participant(
        id=UUID(document["_id"]),
        **{name: document[name] for name in _CLEAR},
        reference=identity and identity.get("reference"),
        identity=identity and IdentityData.model_validate(identity.get("data", {})),
        monitoring=monitoring and MonitoringData.model_validate(monitoring.get("data", {})),
        special=special and SpecialData.model_validate(special.get("data", {})),
        withheld=tuple(name for name in DataClass if name not in classes),
        erased=_erased(document, private),
        score=_score(document, special),
        episodes=tuple(
            _episode(episode, index, monitoring, special)
            for index, episode in enumerate(document["episodes"])
        ),
        proposed_results=_proposed(document, monitoring),
    )


_CLEAR = (
    "version",
    "kind",
    "status",
    "partner",
    "applied_on",
    "countable",
    "gaps",
    "discrepancies",
    "consents",
    "suspected_duplicates",
    "merged_into",
    "restricted",
)


def _erased(document: Document, private: Private) -> tuple[DataClass, ...]:
    """Erased when the document was made, or since."""
    found = {DataClass(name) for name in document["erased"]}
    found |= {name for name, values in private.items() if values is ERASED}
    return tuple(name for name in DataClass if name in found)


def _part(document: Document, private: Private, data_class: DataClass) -> dict[str, Any] | None:
    """The values of a data class, empty when nothing is known; None when they were erased."""
    if data_class in _erased(document, private):
        return None
    values = private.get(data_class, _NOTHING)
    return None if isinstance(values, Absent) else values


_NOTHING: dict[str, Any] = {"data": {}}


def _score(document: Document, special: dict[str, Any] | None) -> views.Score | None:
    if document["score"] is None:
        return None
    points = special.get("points") if special else None
    return views.Score.model_validate(document["score"] | {"points": points})


def _episode(
    episode: Document,
    index: int,
    monitoring: dict[str, Any] | None,
    special: dict[str, Any] | None,
) -> views.Episode:
    situations = (monitoring or {}).get("situations")
    outcome, follow_up = situations[index] if situations else (None, None)
    reasons = (special or {}).get("exit_reasons")
    reason = reasons[index] if reasons else None
    return views.Episode.model_validate(
        dict(episode) | {"outcome": outcome, "follow_up": follow_up, "exit_reason": reason}
    )


def _proposed(
    document: Document, monitoring: dict[str, Any] | None
) -> tuple[views.ProposedResult, ...]:
    proposed = document["proposed_results"]
    situations = (monitoring or {}).get("proposed") or [None] * len(proposed)
    return tuple(
        views.ProposedResult.model_validate(dict(each) | {"situation": situation})
        for each, situation in zip(proposed, situations, strict=True)
    )
