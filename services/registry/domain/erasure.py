"""How a person's data end: holds, the request, the second person's decision, and what was done.

One stream per participant holds all of it, so that a hold and an order given at the same moment
contend for the same version, and the later of the two sees the earlier.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import singledispatchmethod
from typing import ClassVar, Final, NamedTuple
from uuid import UUID, uuid5

from services.registry.domain.recruitment import require_four_eyes
from services.registry.domain.retention import Hold, Stay, obstacles
from services.registry.domain.rules import RegistryRules
from shared.contracts.registry.vocabulary import (
    ErasureGround,
    ErasureState,
    HoldGround,
    Obstacle,
)
from shared.contracts.vocabulary import Reference
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.days import require_come, require_not_before
from shared.kernel.erasure import Erasure
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass

RETENTIONS: Final = UUID("0d0456d0-0d0b-5d0c-8d0d-64d04560e3a5")
"""Namespace of the ids of these streams (RFC 9562 §5.5)."""
OPEN: Final = frozenset({ErasureState.REQUESTED, ErasureState.ORDERED, ErasureState.EXECUTED})


def retention_id(participant_id: UUID) -> UUID:
    return uuid5(RETENTIONS, str(participant_id))


class Acknowledged(NamedTuple):
    """A service forgot a record, by its event at a position."""

    holder: str
    record: UUID
    position: int


class AboutParticipant(Event):
    participant_id: UUID


class Retention(Aggregate):
    """Texts of people are not recorded here: codes and numbers of documents outlive an erasure."""

    class HoldPlaced(AboutParticipant):
        TOPIC: ClassVar[str] = "registry.Retention.HoldPlaced"
        hold_id: UUID
        ground: HoldGround
        placed_by: str
        source_document: Reference

    class HoldLifted(AboutParticipant):
        TOPIC: ClassVar[str] = "registry.Retention.HoldLifted"
        hold_id: UUID
        lifted_by: str
        source_document: Reference

    class ErasureRequested(AboutParticipant):
        """Judged at once; with an obstacle the data are restricted instead (GDPR art. 18)."""

        TOPIC: ClassVar[str] = "registry.Retention.ErasureRequested"
        erasure_id: UUID
        ground: ErasureGround
        data_classes: tuple[DataClass, ...]
        requested_by: str
        source_document: Reference
        obstacles: tuple[Obstacle, ...]

    class ErasureDismissed(AboutParticipant):
        TOPIC: ClassVar[str] = "registry.Retention.ErasureDismissed"
        erasure_id: UUID
        decided_by: str
        source_document: Reference

    class ErasureOrdered(AboutParticipant):
        """From now on it is done, whatever is interrupted. `records` are the participant's own and
        those that were merged into it; `holders` the services that must forget too.
        """

        TOPIC: ClassVar[str] = "registry.Retention.ErasureOrdered"
        erasure_id: UUID
        approved_by: str
        source_document: Reference
        records: tuple[UUID, ...]
        data_classes: tuple[DataClass, ...]
        holders: tuple[str, ...]

    class KeysDestroyed(Erasure, AboutParticipant):
        """Of one record, or of a case of two records that told of it."""

        TOPIC: ClassVar[str] = "registry.Retention.KeysDestroyed"
        erasure_id: UUID
        erased: UUID
        is_record: bool
        destroyed_at: datetime

        @property
        def subject(self) -> UUID:
            return self.erased

    class HolderForgot(AboutParticipant):
        TOPIC: ClassVar[str] = "registry.Retention.HolderForgot"
        erasure_id: UUID
        holder: str
        record: UUID
        position: int

    class ErasureCertified(AboutParticipant):
        """The certificate: nobody has a key any more, in no service and in no memory."""

        TOPIC: ClassVar[str] = "registry.Retention.ErasureCertified"
        erasure_id: UUID
        ground: ErasureGround
        records: tuple[UUID, ...]
        data_classes: tuple[DataClass, ...]
        requested_by: str
        approved_by: str
        destroyed_at: datetime
        acknowledged: tuple[Acknowledged, ...]

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.participant_id: UUID | None = None
        self.holds: dict[UUID, Hold] = {}
        self.latest_on = date.min
        self.state: ErasureState | None = None
        self.request: Retention.ErasureRequested | None = None
        self.order: Retention.ErasureOrdered | None = None
        self.destroyed_at: datetime | None = None
        self.erased: frozenset[DataClass] = frozenset()
        self.acknowledged: tuple[Acknowledged, ...] = ()

    @property
    def restricted(self) -> bool:
        """Whether the data may be kept, and used for nothing else."""
        return self.state in {ErasureState.RESTRICTED, ErasureState.REQUESTED}

    @property
    def awaited(self) -> set[tuple[str, UUID]]:
        """The services that have yet to forget a record."""
        if self.order is None:
            return set()
        told = {(each.holder, each.record) for each in self.acknowledged}
        return {(h, r) for h in self.order.holders for r in self.order.records} - told

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: HoldPlaced) -> None:
        self.participant_id = event.participant_id
        self.holds[event.hold_id] = Hold(event.hold_id, event.ground)

    @apply.register
    def _(self, event: HoldLifted) -> None:
        del self.holds[event.hold_id]

    @apply.register
    def _(self, event: ErasureRequested) -> None:
        self.participant_id = event.participant_id
        self.request, self.order, self.acknowledged = event, None, ()
        self.destroyed_at = None
        self._reach(ErasureState.RESTRICTED if event.obstacles else ErasureState.REQUESTED, event)

    @apply.register
    def _(self, event: ErasureDismissed) -> None:
        self._reach(ErasureState.DISMISSED, event)

    @apply.register
    def _(self, event: ErasureOrdered) -> None:
        self.order = event
        self._reach(ErasureState.ORDERED, event)

    @apply.register
    def _(self, event: KeysDestroyed) -> None:
        if event.is_record:
            self.erased |= set(event.data_classes)
        self.destroyed_at = event.destroyed_at
        self._reach(ErasureState.EXECUTED, event)

    @apply.register
    def _(self, event: HolderForgot) -> None:
        told = Acknowledged(event.holder, event.record, event.position)
        self.acknowledged = (*self.acknowledged, told)

    @apply.register
    def _(self, event: ErasureCertified) -> None:
        self._reach(ErasureState.CERTIFIED, event)

    def _reach(self, state: ErasureState, event: Event) -> None:
        self.state, self.latest_on = state, event.occurred_on

    def place_hold(
        self,
        participant_id: UUID,
        *,
        hold_id: UUID,
        ground: HoldGround,
        source_document: str,
        placed_on: date,
        by: str,
        today: date,
    ) -> None:
        """Refused once an erasure was ordered: what is destroyed cannot be held."""
        require_come(placed_on, today, "/placed_on")
        if self.state in {ErasureState.ORDERED, ErasureState.EXECUTED}:
            raise Rejected("registry.erasure_ordered")
        self.record(
            self.HoldPlaced,
            occurred_on=placed_on,
            participant_id=participant_id,
            hold_id=hold_id,
            ground=ground,
            placed_by=by,
            source_document=source_document,
        )

    def lift_hold(
        self, hold_id: UUID, *, source_document: str, lifted_on: date, by: str, today: date
    ) -> None:
        require_come(lifted_on, today, "/lifted_on")
        if hold_id not in self.holds:
            raise Rejected("registry.hold_unknown", {"id": str(hold_id)})
        self.record(
            self.HoldLifted,
            occurred_on=lifted_on,
            participant_id=self.participant_id,
            hold_id=hold_id,
            lifted_by=by,
            source_document=source_document,
        )

    def request_erasure(
        self,
        participant_id: UUID,
        stays: Collection[Stay],
        *,
        erasure_id: UUID,
        ground: ErasureGround,
        data_classes: Collection[DataClass],
        source_document: str,
        requested_on: date,
        by: str,
        today: date,
        rules: RegistryRules,
    ) -> None:
        """Take a request, and judge it by what is in force on the day of the request."""
        require_come(requested_on, today, "/requested_on")
        require_not_before(self.latest_on, requested_on, "/requested_on")
        if self.state in OPEN:
            raise Rejected("registry.erasure_open", {"state": self.state})
        if self.erased.issuperset(data_classes):
            raise Rejected("registry.already_erased", pointer="/data_classes")
        self.record(
            self.ErasureRequested,
            occurred_on=requested_on,
            participant_id=participant_id,
            erasure_id=erasure_id,
            ground=ground,
            data_classes=tuple(each for each in DataClass if each in data_classes),
            requested_by=by,
            source_document=source_document,
            obstacles=obstacles(stays, self.holds.values(), data_classes, requested_on, rules),
        )

    def decide_erasure(
        self,
        stays: Mapping[UUID, Stay],
        *,
        approve: bool,
        source_document: str,
        decided_on: date,
        by: str,
        holders: Sequence[str],
        today: date,
        rules: RegistryRules,
    ) -> None:
        """Order the erasure of all the `stays`, or dismiss the request. Never one's own request.

        Judged again: a hold may have been placed meanwhile, and the law may have changed.
        """
        request = self.request
        if request is None or self.state is not ErasureState.REQUESTED:
            raise Rejected("registry.no_erasure_requested", {"state": self.state})
        require_come(decided_on, today, "/decided_on")
        require_not_before(self.latest_on, decided_on, "/decided_on")
        require_four_eyes(by, request.requested_by)
        decision = {
            "occurred_on": decided_on,
            "participant_id": self.participant_id,
            "erasure_id": request.erasure_id,
            "source_document": source_document,
        }
        if not approve:
            self.record(self.ErasureDismissed, decided_by=by, **decision)  # type: ignore[arg-type]
            return
        against = obstacles(
            stays.values(), self.holds.values(), request.data_classes, decided_on, rules
        )
        if against:
            raise Rejected(
                "registry.erasure_forbidden",
                {"obstacles": [each.model_dump(mode="json") for each in against]},
            )
        self.record(
            self.ErasureOrdered,
            approved_by=by,
            records=tuple(stays),
            data_classes=request.data_classes,
            holders=tuple(holders),
            **decision,  # type: ignore[arg-type]
        )

    def note_destroyed(self, cases: Collection[UUID], at: datetime, on: date) -> None:
        """The keys of every ordered record, and of the cases that told of them, are destroyed."""
        if self.order is None or self.state is not ErasureState.ORDERED:
            return
        order = self.order
        told = {DataClass.SPECIAL}.intersection(order.data_classes)
        of_records = [(record, True, order.data_classes) for record in order.records]
        of_cases = [(case, False, tuple(told)) for case in cases if told]
        for erased, is_record, data_classes in [*of_records, *of_cases]:
            self.record(
                self.KeysDestroyed,
                occurred_on=on,
                participant_id=order.participant_id,
                erasure_id=order.erasure_id,
                data_classes=data_classes,
                erased=erased,
                is_record=is_record,
                destroyed_at=at,
            )

    def acknowledge(self, holder: str, record: UUID, position: int, on: date) -> None:
        """Nothing happens when it is awaited no more: a fact of others is never refused."""
        if self.order is not None and (holder, record) in self.awaited:
            self.record(
                self.HolderForgot,
                occurred_on=on,
                participant_id=self.participant_id,
                erasure_id=self.order.erasure_id,
                holder=holder,
                record=record,
                position=position,
            )

    def certify(self, on: date) -> None:
        """Once everybody has forgotten; the caller has waited until no memory has a key."""
        request, order = self.request, self.order
        if request is None or order is None or self.state is not ErasureState.EXECUTED:
            return
        if self.awaited:
            return
        self.record(
            self.ErasureCertified,
            occurred_on=on,
            participant_id=self.participant_id,
            erasure_id=order.erasure_id,
            ground=request.ground,
            records=order.records,
            data_classes=order.data_classes,
            requested_by=request.requested_by,
            approved_by=order.approved_by,
            destroyed_at=self.destroyed_at,
            acknowledged=self.acknowledged,
        )
