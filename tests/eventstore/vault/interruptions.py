"""The real key store, with something happening in the middle; and a clock that is set by hand."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pymongo.database import Database

from shared.eventstore.vault import KeyStore, VaultUnavailable
from shared.eventstore.vault.keys import KeyName, WrappedKey


class FailingStore(KeyStore):
    """Breaks down before or after a step was done."""

    def __init__(self, database: Database[dict[str, Any]], step: str, *, done: bool) -> None:
        super().__init__(database)
        self._step, self._done = step, done

    def entomb(self, names: Sequence[KeyName], at: datetime, basis: str, approved_by: str) -> None:
        self._at("entomb", lambda: super(FailingStore, self).entomb(names, at, basis, approved_by))

    def destroy(self, names: Sequence[KeyName]) -> None:
        self._at("destroy", lambda: super(FailingStore, self).destroy(names))

    def _at(self, step: str, act: Callable[[], None]) -> None:
        if step != self._step or self._done:
            act()
        if step == self._step:
            raise VaultUnavailable("the connection was cut")


class Interrupted(KeyStore):
    """Lets something happen between two calls of somebody else."""

    before_add: Callable[[], None] | None = None
    after_add: Callable[[], None] | None = None
    after_keys: Callable[[], None] | None = None
    after_erased: Callable[[], None] | None = None

    def add(self, keys: Sequence[WrappedKey], at: datetime) -> set[KeyName]:
        if self.before_add:
            self.before_add()
        taken = super().add(keys, at)
        if self.after_add:
            self.after_add()
        return taken

    def keys(self, subjects: Collection[UUID]) -> list[WrappedKey]:
        found = super().keys(subjects)
        if self.after_keys:
            self.after_keys()
        return found

    def erased(self, subjects: Collection[UUID]) -> set[KeyName]:
        found = super().erased(subjects)
        if self.after_erased:
            self.after_erased()
        return found


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds
