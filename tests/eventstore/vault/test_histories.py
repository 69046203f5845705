"""Sealing, reading, erasing (also half), restoring, in three processes, in any order."""

from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from pymongo.database import Database

from shared.eventstore.vault import ErasureIncomplete, KeyStore, MasterKeys, SubjectErased, Vault
from shared.eventstore.vault.keys import KeyName
from shared.kernel.personal import ERASED, DataClass, SealedBox
from tests.eventstore.vault.interruptions import Clock, FailingStore

PLACE = "registry/00000000-0000-4000-8000-000000000001/1"


class Histories(RuleBasedStateMachine):
    vault_of: ClassVar[tuple[Database[dict[str, Any]], MasterKeys]]

    names = st.builds(
        KeyName,
        st.sampled_from([UUID(int=n) for n in range(3)]),
        st.sampled_from([DataClass.IDENTITY, DataClass.SPECIAL]),
    )
    processes = st.integers(0, 2)
    boxes: Bundle[tuple[SealedBox, int]] = Bundle("boxes")

    @initialize()
    def start(self) -> None:
        self.database, self.masters = self.vault_of
        self.database["keys"].delete_many({})
        self.database["tombstones"].delete_many({})
        self.clock = Clock()
        self.vaults = [
            Vault(KeyStore(self.database), self.masters, clock=self.clock) for _ in range(3)
        ]
        self.erased_at: dict[KeyName, float] = {}
        self.backup: list[dict[str, Any]] = []
        self.count = 0

    @rule(target=boxes, name=names, process=processes)
    def seal(self, name: KeyName, process: int) -> Any:
        self.count += 1
        try:
            box = self.vaults[process].seal(*name, PLACE, {"n": self.count})
        except SubjectErased:
            assert name in self.erased_at
            return multiple()
        assert name not in self.erased_at
        return (box, self.count)

    @rule(sealed=boxes, process=processes)
    def read(self, sealed: tuple[SealedBox, int], process: int) -> None:
        box, number = sealed
        opened = self.vaults[process].open(box)
        erased_at = self.erased_at.get(KeyName(box.subject, box.data_class))
        if erased_at is None:
            assert opened == {"n": number}
        elif self.clock.seconds - erased_at >= 60:
            assert opened is ERASED
        else:
            assert opened in (ERASED, {"n": number})

    @rule(name=names, process=processes)
    def erase(self, name: KeyName, process: int) -> None:
        self.vaults[process].erase(name.subject, [name.data_class], basis="x", approved_by="y")
        self.erased_at.setdefault(name, self.clock.seconds)

    @rule(name=names)
    def erase_half(self, name: KeyName) -> None:
        breaking = Vault(FailingStore(self.database, "destroy", done=False), self.masters)
        with pytest.raises(ErasureIncomplete):
            breaking.erase(name.subject, [name.data_class], basis="x", approved_by="y")
        self.erased_at.setdefault(name, self.clock.seconds)

    @rule(seconds=st.sampled_from([1.0, 30.0, 60.0]))
    def wait(self, seconds: float) -> None:
        self.clock.seconds += seconds

    @rule()
    def back_up(self) -> None:
        self.backup = list(self.database["keys"].find())

    @rule()
    def restore(self) -> None:
        for key in self.backup:
            self.database["keys"].replace_one({"_id": key["_id"]}, key, upsert=True)

    @invariant()
    def nothing_is_sealed_for_the_erased(self) -> None:
        for name in self.erased_at:
            with pytest.raises(SubjectErased):
                Vault(KeyStore(self.database), self.masters).seal(*name, PLACE, {})


def test_the_erased_stay_erased(database: Database[dict[str, Any]], masters: MasterKeys) -> None:
    class Here(Histories):
        pass

    Here.vault_of = database, masters
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=60,
            stateful_step_count=30,
            suppress_health_check=list(HealthCheck),
        ),
    )
