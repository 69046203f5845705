"""Packs as jobs: ordered by a call, written by the follower, fetched until they expire."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from services.audit.application.packing import IN_MEMORY, READ, Packing, Range
from shared.contracts.audit import commands, views
from shared.contracts.jobs import JobStarted
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.runtime.files import FileStore
from shared.runtime.jobs import Job, Jobs, Progress

PACK: Final = "pack"
ZIP: Final = "application/zip"
LONGEST: Final = 16 * 1024**3


@dataclass(frozen=True)
class Packs:
    """The packs of auditors, for those who order them; `ledgers` are those that there are."""

    jobs: Jobs
    ledgers: frozenset[str]

    def order_pack(self, request: commands.OrderPack, act: Act) -> JobStarted:
        for place, wanted in enumerate(request.ledgers):
            if wanted.ledger not in self.ledgers:
                raise Rejected("not_found", {"ledger": wanted.ledger}, f"/ledgers/{place}/ledger")
        return self.jobs.order(PACK, request, act)

    def get_pack(self, request: views.GetPack, _act: Act) -> views.PackJob:
        job = self.jobs.existing(request.id, PACK)
        return views.PackJob(
            id=job.id,
            state=job.state,
            written=job.progress.get("written", 0),
            events=job.progress.get("events"),
            failure=job.failure["code"] if job.failure else None,
        )

    def fetch_pack(self, request: views.GetPack, _act: Act) -> views.PackFile:
        """Refused as `audit.pack_not_ready`."""
        job = self.jobs.existing(request.id, PACK)
        if job.result is None:
            raise Rejected("audit.pack_not_ready", {"state": job.state})
        return views.PackFile(file_id=job.result["file_id"], filename=f"pack-{job.id}.zip")


@dataclass(frozen=True)
class PackHandler:
    """Writes the pack anew when it was interrupted; `packing` raises `Rejected` where it cannot be."""

    packing: Callable[[], Packing]
    files: FileStore

    def __call__(self, job: Job, progress: Progress) -> Mapping[str, Any]:
        request = commands.OrderPack.model_validate(job.input["request"])
        packing = self.packing()
        chosen: dict[str, Range] = {each.ledger: _range(each) for each in request.ledgers}
        with SpooledTemporaryFile(IN_MEMORY) as made:
            count = packing.write(
                made,
                chosen or dict.fromkeys(packing.ledgers),
                lambda written, events: progress.report(written=written, events=events),
            )
            made.seek(0)
            with self.files.create(name="pack.zip", content_type=ZIP, limit=LONGEST) as writer:
                for piece in _pieces(made):
                    writer.write(piece)
                return {"file_id": writer.finish(), "events": count}


def _range(wanted: commands.PackedLedger) -> Range:
    return None if wanted.first is None or wanted.last is None else (wanted.first, wanted.last)


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: stream.read(READ), b"")
