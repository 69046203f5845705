"""An ordered pack is the same file as one that was written by hand."""

import io
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.audit.application.packs import PACK
from services.audit.bootstrap import Composition, compose, follower
from shared.contracts.audit import commands, views
from shared.kernel.errors import Rejected
from shared.runtime.jobs import Job, Progress
from tests.audit.conftest import ACT, AUDITOR, WATCHED, Auditing
from tests.audit.packing import packed
from tests.driving import act_by

WHOLE = commands.OrderPack(ledgers=(commands.PackedLedger(ledger=WATCHED),))


class Told(Progress):
    """Remembers what was reported."""

    def __init__(self, composition: Composition, job: Job) -> None:
        super().__init__(composition.packs.jobs, job, "test", Event())
        self.heard: list[dict[str, Any]] = []

    def report(self, **progress: Any) -> None:
        super().report(**progress)
        self.heard.append(progress)


def ordered(composition: Composition, command: commands.OrderPack) -> UUID:
    act = act_by(AUDITOR, "audit.order_pack", key=uuid4())
    return composition.packs.order_pack(command, act).id


@pytest.fixture
def composition(auditing: Auditing) -> Composition:
    composed = compose(auditing.settings)
    auditing.opened.callback(composed.close)
    composed.packs.jobs.prepare()
    return composed


def work(auditing: Auditing, composition: Composition) -> Told:
    job = composition.packs.jobs.take([PACK], "test")
    assert job is not None
    told = Told(composition, job)
    followed = follower(auditing.settings, ledgers=auditing.ledgers)
    try:
        result = followed.jobs[PACK](job, told)
    finally:
        followed.close()
    composition.packs.jobs.update(job, "test", state="done", result=dict(result))
    return told


def test_an_ordered_pack_is_written_by_the_follower(
    auditing: Auditing, composition: Composition
) -> None:
    auditing.append(7)
    auditing.rounds().round()
    pack = views.GetPack(id=ordered(composition, WHOLE))
    with pytest.raises(Rejected, match=r"audit.pack_not_ready"):
        composition.packs.fetch_pack(pack, ACT)
    told = work(auditing, composition)
    count = 7 + auditing.log("audit").size
    assert told.heard[-1] == {"written": count, "events": count}
    shown = composition.packs.get_pack(pack, ACT)
    assert (shown.state, shown.written, shown.failure) == ("done", count, None)
    file = composition.packs.fetch_pack(pack, ACT).file_id
    ground = auditing.ground()
    content = io.BytesIO(b"".join(ground.files.open(file).chunks())).getvalue()
    assert content == packed(auditing)


def test_what_cannot_be_packed_is_refused(auditing: Auditing, composition: Composition) -> None:
    unknown = commands.OrderPack(ledgers=(commands.PackedLedger(ledger="nowhere"),))
    with pytest.raises(Rejected) as refused:
        ordered(composition, unknown)
    assert (refused.value.code, refused.value.pointer) == ("not_found", "/ledgers/0/ledger")
    with pytest.raises(ValueError, match="a range has a first and a last position"):
        commands.PackedLedger(ledger=WATCHED, first=3)
    ordered(composition, WHOLE)
    with pytest.raises(Rejected, match=r"audit.nothing_to_pack"):
        work(auditing, composition)
