"""Between domain events and what the ledger stores: canonical JSON, personal data sealed.

Recorded state: `{occurred_on, …clear fields, sealed?: [box, …], class_version?}`. All personal
fields of one data class are in one box. Which of them were given stands inside the box, because
that a fact was stated can be as telling as the fact; so when a box cannot be read, every field of
its class carries the mark.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import (
    Mapper,
    MapperDeserialisationError,
    StoredEvent,
    Transcoder,
)
from eventsourcing.utils import TopicError, resolve_topic
from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from shared.eventstore.canonical import canonical_json
from shared.eventstore.vault import BoxDamaged, Unsealed, Vault
from shared.eventstore.vault.vault import Opened
from shared.kernel.aggregate import Event
from shared.kernel.personal import ERASED, WITHHELD, Absent, DataClass, SealedBox, personal_fields

SEALED: Final = "sealed"
CLASS_VERSION: Final = "class_version"
PLACE: Final = {"originator_id", "originator_version"}
"""Recorded beside the state, as stream and version."""


class CanonicalJSON(Transcoder):
    """The recorded form, for the library."""

    def encode(self, obj: Any) -> bytes:
        return canonical_json(obj)

    def decode(self, data: bytes) -> Any:
        return json.loads(data)


class _Draft(NamedTuple):
    """An event on its way into the ledger: `state` is what stays in clear."""

    event: Event
    state: dict[str, Any]
    personal: list[Unsealed]


class _Reading(NamedTuple):
    """A stored event whose boxes are still closed."""

    stored: StoredEvent
    event_class: type[Event]
    state: dict[str, Any]
    boxes: tuple[SealedBox, ...]


class LedgerMapper(Mapper[UUID]):
    """Accepts events of our kernel only, so that nothing is recorded unsealed or unnamed.

    Without a vault a reader gets `WITHHELD` in place of personal data, and cannot record any.
    """

    def __init__(self, ledger: str, vault: Vault | None) -> None:
        super().__init__(CanonicalJSON())
        self._ledger = ledger
        self._vault = vault

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        return self.to_stored_events([domain_event])[0]

    def to_domain_event(self, stored_event: StoredEvent) -> Event:
        return self.to_domain_events([stored_event])[0]

    def to_stored_events(self, events: Sequence[object]) -> list[StoredEvent]:
        """Map the events of one commit; the keys of all of them are looked up at once.

        Raises `TypeError` for anything but an `Event`, `ValueError` or `TypeError` for an event
        that cannot be recorded as it is (the marks, fractions), and what `Vault.seal_many` raises.
        """
        drafts = [self._draft(event) for event in events]
        boxes = iter(self._seal([unsealed for draft in drafts for unsealed in draft.personal]))
        return [self._stored(draft, boxes) for draft in drafts]

    def to_domain_events(self, stored_events: Sequence[StoredEvent]) -> list[Event]:
        """Map many stored events; the keys of all of them are looked up at once.

        Raises `MapperDeserialisationError` for a state that does not fit its class, and what
        `Vault.open_many` raises.
        """
        readings = [self._read(stored) for stored in stored_events]
        opened = iter(self._open([box for reading in readings for box in reading.boxes]))
        return [_event(reading, opened) for reading in readings]

    def _draft(self, event: object) -> _Draft:
        if not isinstance(event, Event):
            raise TypeError(f"Only events of the kernel are recorded, not {type(event).__name__}")
        by_class = _personal_by_class(type(event))
        _refuse_marks(event)
        state = _dump(event)
        if event.class_version > 1:
            state[CLASS_VERSION] = event.class_version
        place = self._place(event.originator_id, event.originator_version)
        taken = [(data_class, _take(state, fields)) for data_class, fields in by_class.items()]
        personal = [
            Unsealed(event.subject, data_class, place, values)
            for data_class, values in taken
            if values
        ]
        return _Draft(event, state, personal)

    def _stored(self, draft: _Draft, boxes: Iterator[SealedBox]) -> StoredEvent:
        event, state, personal = draft
        if personal:
            state[SEALED] = [next(boxes).model_dump(mode="json") for _ in personal]
        return StoredEvent(
            originator_id=event.originator_id,
            originator_version=event.originator_version,
            topic=event.TOPIC,
            state=self.transcoder.encode(state),
        )

    def _read(self, stored: StoredEvent) -> _Reading:
        event_class = _event_class(stored)
        try:
            state = self.transcoder.decode(stored.state)
            boxes = tuple(SealedBox(**box) for box in state.pop(SEALED, ()))
        except (ValueError, TypeError, AttributeError):
            raise _unreadable(stored, "its state is not the JSON of an event") from None
        place = self._place(stored.originator_id, stored.originator_version)
        for box in boxes:
            if box.bound_to != place:
                raise BoxDamaged(box, f"found at {place}")
        return _Reading(stored, event_class, state, boxes)

    def _place(self, stream: UUID | str, version: int) -> str:
        return f"{self._ledger}/{stream}/{version}"

    def _seal(self, personal: Sequence[Unsealed]) -> list[SealedBox]:
        if not personal:
            return []
        if self._vault is None:
            raise TypeError(f"The application {self._ledger} was given no vault to seal with")
        return self._vault.seal_many(personal)

    def _open(self, boxes: Sequence[SealedBox]) -> Sequence[Opened | Absent]:
        if self._vault is None:
            return [WITHHELD] * len(boxes)
        return self._vault.open_many(boxes)


@cache
def _personal_by_class(event_class: type[Event]) -> dict[DataClass, dict[str, bool]]:
    """The personal fields by data class; the flag says that None is their default.

    Raises `TypeError` for an event class that could not be read back.
    """
    fields = event_class.model_fields
    if reserved := fields.keys() & {SEALED, CLASS_VERSION}:
        raise TypeError(f"{event_class.__qualname__}.{min(reserved)}: the ledger uses this name")
    try:
        found = resolve_topic(event_class.TOPIC)
    except TopicError:
        found = None
    if found is not event_class:
        raise TypeError(f"{event_class.TOPIC} does not stand for {event_class.__qualname__}")
    by_class: dict[DataClass, dict[str, bool]] = {}
    for name, data_class in personal_fields(event_class).items():
        by_class.setdefault(data_class, {})[name] = fields[name].default is None
    return by_class


def _refuse_marks(event: Event) -> None:
    for name in personal_fields(type(event)):
        value = getattr(event, name)
        if value is ERASED or value is WITHHELD:
            raise ValueError(
                f"{event.TOPIC}.{name} is {value.value}: only a value that can be read is recorded"
            )


def _dump(event: Event) -> dict[str, Any]:
    try:
        return event.model_dump(mode="json", exclude=PLACE, warnings="error")
    except PydanticSerializationError:
        raise ValueError(f"{event.TOPIC} holds a value that its own class refuses") from None


def _take(state: dict[str, Any], fields: dict[str, bool]) -> dict[str, Any]:
    """Move the personal values of one data class out of the state."""
    values = {name: state.pop(name) for name in fields}
    return {name: value for name, value in values.items() if not (value is None and fields[name])}


def _event_class(stored: StoredEvent) -> type[Event]:
    try:
        found = resolve_topic(stored.topic)
    except TopicError:
        found = None
    if isinstance(found, type) and issubclass(found, Event):
        return found
    raise _unreadable(stored, "no event class is registered under its topic")


def _event(reading: _Reading, opened: Iterator[Opened | Absent]) -> Event:
    stored, event_class, state, boxes = reading
    absent: dict[DataClass, Absent] = {}
    for box in boxes:
        values = next(opened)
        if isinstance(values, Absent):
            absent[box.data_class] = values
        else:
            state |= values
    _upcast(stored, event_class, state)
    if absent:
        for name, data_class in personal_fields(event_class).items():
            if data_class in absent:
                state.setdefault(name, absent[data_class])
    state["originator_id"] = stored.originator_id
    state["originator_version"] = stored.originator_version
    try:
        event = event_class.model_validate(state)
    except ValidationError as error:
        raise _unreadable(stored, _places(error)) from None
    event._boxes = boxes  # noqa: SLF001
    return event


def _upcast(stored: StoredEvent, event_class: type[Event], state: dict[str, Any]) -> None:
    """Bring an old state into today's shape, in place.

    An upcaster finds no personal fields of a box that could not be opened.
    """
    recorded = state.pop(CLASS_VERSION, 1)
    if recorded > event_class.class_version:
        raise _unreadable(stored, f"it has version {recorded}, which this code does not know yet")
    for version in range(recorded, event_class.class_version):
        try:
            getattr(event_class, f"upcast_v{version}_v{version + 1}")(state)
        except Exception as error:
            why = f"{type(error).__name__} in upcast_v{version}_v{version + 1}"
            raise _unreadable(stored, why) from None


def _places(error: ValidationError) -> str:
    """The fields and what is wrong with them, without values (a key of a mapping is one too)."""
    return "; ".join(
        f"{detail['loc'][0] if detail['loc'] else 'event'}: {detail['type']}"
        for detail in error.errors(include_input=False, include_context=False, include_url=False)
    )


def _unreadable(stored: StoredEvent, why: str) -> MapperDeserialisationError:
    return MapperDeserialisationError(
        f"{stored.topic} {stored.originator_version} of {stored.originator_id}: {why}"
    )
