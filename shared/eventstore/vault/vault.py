"""Sealing personal data under a key per subject and data class, and erasing by destroying it."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

from shared.eventstore.vault.cache import Held, KeyCache
from shared.eventstore.vault.errors import (
    ErasureIncomplete,
    KeyMissing,
    SubjectErased,
    VaultUnavailable,
)
from shared.eventstore.vault.fields import FieldProof
from shared.eventstore.vault.keys import KeyName, SubjectKey, WrappedKey
from shared.eventstore.vault.master import MasterKeys
from shared.eventstore.vault.store import KeyStore
from shared.kernel.personal import ERASED, Absent, DataClass, SealedBox

LONGEST_TTL: Final = 60.0
"""Seconds after which an erased key is out of every process's memory."""

Opened = dict[str, Any] | Literal[Absent.ERASED]


class Unsealed(NamedTuple):
    """Values on their way into a box; `bound_to` names the place they are recorded at."""

    subject: UUID
    data_class: DataClass
    bound_to: str
    values: Mapping[str, Any]

    @property
    def name(self) -> KeyName:
        return KeyName(self.subject, self.data_class)


class Vault:
    """Safe to share between threads and greenlets; no lock is held while the database answers."""

    def __init__(
        self,
        store: KeyStore,
        masters: MasterKeys,
        *,
        ttl: float = LONGEST_TTL,
        cached_keys: int = 50_000,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if not 0 <= ttl <= LONGEST_TTL:
            raise ValueError(f"Keys are cached for 0 to {LONGEST_TTL} s, not {ttl} s")
        self._store = store
        self._masters = masters
        self._cache = KeyCache(ttl, cached_keys, clock)
        self._now = now

    def seal(
        self, subject: UUID, data_class: DataClass, bound_to: str, values: Mapping[str, Any]
    ) -> SealedBox:
        """Raises `SubjectErased`, `VaultUnavailable`; `ValueError` for what is not exact JSON."""
        return self.seal_many([Unsealed(subject, data_class, bound_to, values)])[0]

    def seal_many(self, wanted: Sequence[Unsealed]) -> list[SealedBox]:
        """Seal in the given order, all or nothing, with as few calls to the database for many
        boxes as for one; keys that do not exist yet are created.
        """
        keys = self._keys_to_seal({unsealed.name for unsealed in wanted})
        return [
            keys[unsealed.name].seal(unsealed.name, unsealed.bound_to, unsealed.values)
            for unsealed in wanted
        ]

    def open(self, box: SealedBox) -> Opened:
        """The values, or `ERASED` when the key was destroyed.

        Raises `BoxDamaged`, `KeyMissing`, `VaultUnavailable`: never the same as erased.
        """
        return self.open_many([box])[0]

    def open_many(self, boxes: Sequence[SealedBox]) -> list[Opened]:
        """Open in the given order; the keys of all boxes are looked up at once."""
        held = self._held({_name(box) for box in boxes})
        return [_opened(box, held.get(_name(box))) for box in boxes]

    def disclose(self, box: SealedBox, pointer: str) -> FieldProof | Literal[Absent.ERASED]:
        """One value with the proof that the box commits to it, or `ERASED`.

        Raises as `open` does, and `KeyError` for what is not in the box.
        """
        held = self._held({_name(box)}).get(_name(box))
        return ERASED if held is ERASED else _key(box, held).disclose(box, pointer)

    def erase(
        self, subject: UUID, data_classes: Collection[DataClass], *, basis: str, approved_by: str
    ) -> None:
        """Destroy keys for good.

        `basis` is a code of the legal basis, `approved_by` the pseudonymous id of who decided. The
        order is a fence: tombstones first, so that nobody creates or uses a key any more; then the
        keys; then this process's cache. Other processes forget within `LONGEST_TTL`. May be
        repeated at any time; raises `ErasureIncomplete` when it must be.
        """
        names = [KeyName(subject, data_class) for data_class in data_classes]
        if not names:
            raise ValueError("An erasure names at least one data class")
        step = "setting the tombstones"
        try:
            self._store.entomb(names, self._now(), basis, approved_by)
            step = "destroying the keys"
            self._store.destroy(names)
        except VaultUnavailable as error:
            raise ErasureIncomplete(subject, data_classes, step) from error
        finally:
            self.evict(subject)

    def evict(self, subject: UUID) -> None:
        """Forget the keys of a subject in this process."""
        self._cache.evict(subject)

    def erased(self, subject: UUID) -> set[DataClass]:
        """The data classes with a tombstone, as the database has them now."""
        return {name.data_class for name in self._store.erased({subject})}

    def applied(self, ledger: str) -> int:
        """The position up to which the erasures of a ledger have their tombstones here."""
        return self._store.applied(ledger)

    def note_applied(self, ledger: str, position: int) -> None:
        self._store.note_applied(ledger, position)

    def rewrap(self) -> int:
        """Wrap every key that an older master key wraps under the current one; returns how many.

        Afterwards the retired master keys can be forgotten. May be repeated at any time.
        """
        count = 0
        while keys := self._store.wrapped_by_others(self._masters.current.id, limit=500):
            for key in keys:
                self._store.replace(key, key.rewrap(self._masters))
            count += len(keys)
        return count

    def _held(self, names: set[KeyName]) -> dict[KeyName, Held]:
        """Keys and erasures by name; a name with neither is left out."""
        held = {name: found for name in names if (found := self._cache.get(name)) is not None}
        if subjects := {name.subject for name in names - held.keys()}:
            held |= self._fetch(subjects)
        return held

    def _fetch(self, subjects: set[UUID]) -> dict[KeyName, Held]:
        """Tombstones are read after the keys, and outweigh them."""
        fetch = self._cache.begin()
        found: dict[KeyName, Held] = {
            key.name: key.unwrap(self._masters) for key in self._store.keys(subjects)
        }
        found |= dict.fromkeys(self._store.erased(subjects), ERASED)
        self._cache.put(fetch, found)
        return found

    def _keys_to_seal(self, names: set[KeyName]) -> Mapping[KeyName, SubjectKey]:
        """The check for tombstones comes last. One that was set earlier is seen; one that is set
        later is followed by the destruction of the very keys that are returned here.
        """
        fetch = self._cache.begin()
        held = self._held(names)
        created = self._create(names - held.keys())
        if erased := names & self._store.erased({name.subject for name in names}):
            self._store.destroy(list(erased))
            name = min(erased)
            self.evict(name.subject)
            raise SubjectErased(name.subject, name.data_class)
        self._cache.put(fetch, created)
        return {name: key for name, key in (held | created).items() if isinstance(key, SubjectKey)}

    def _create(self, names: Collection[KeyName]) -> dict[KeyName, Held]:
        """New keys; where another process was faster, its key."""
        if not names:
            return {}
        keys = [WrappedKey.create(name, self._masters.current) for name in names]
        if taken := self._store.add(keys, self._now()):
            keys = [key for key in keys if key.name not in taken]
            stored = self._store.keys({name.subject for name in taken})
            keys += [key for key in stored if key.name in taken]
        return {key.name: key.unwrap(self._masters) for key in keys}


def _name(box: SealedBox) -> KeyName:
    return KeyName(box.subject, box.data_class)


def _opened(box: SealedBox, held: Held | None) -> Opened:
    return ERASED if held is ERASED else _key(box, held).open(box)


def _key(box: SealedBox, held: Held | None) -> SubjectKey:
    if not isinstance(held, SubjectKey) or held.id != box.key_id:
        raise KeyMissing(box, "the vault has neither its key nor a tombstone")
    return held
