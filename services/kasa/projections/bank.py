"""Lines of bank statements, with payer and title of those that waited sealed as they were recorded."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

from pymongo import ASCENDING, IndexModel

from services.kasa.domain.bank import BankLine
from shared.kernel.personal import DataClass
from shared.messaging.publication import Recorded
from shared.runtime.paging import BY_CHANGE
from shared.runtime.parts import Document, Load, Part, replace
from shared.runtime.views import Writer


def part(load: Load) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        replace(writer, "bank_lines", (_document(*each) for each in _lines(batch, load)))

    return Part(
        {
            "bank_lines": [
                BY_CHANGE,
                IndexModel([("state", ASCENDING), ("booked_on", ASCENDING)]),
                IndexModel([("contract_id", ASCENDING)]),
            ]
        },
        project,
    )


def _lines(batch: Sequence[Recorded], load: Load) -> Iterator[tuple[BankLine, Recorded]]:
    """Each line that the batch touches, as of its last event there. A statement brings thousands:
    one that begins within the batch is not read again. One that was recorded by hand, and that no
    statement has told of, is not shown.
    """
    events: dict[UUID, list[Recorded]] = defaultdict(list)
    for each in batch:
        if each.event.aggregate_class is BankLine:
            events[each.event.originator_id].append(each)
    for stream, recorded in events.items():
        last = recorded[-1]
        if recorded[0].event.originator_version > 1:
            line = load(stream, last.event.originator_version)
        else:
            line = BankLine(stream)
            for each in recorded:
                each.event.mutate(line)
        if line.imported is not None:
            yield line, last


def _document(line: BankLine, last: Recorded) -> Document:
    told, matched = line.told, line.matched
    box = line.queued and line.queued.box(DataClass.IDENTITY)
    return {
        "_id": str(line.id),
        "position": last.position,
        "version": line.version,
        "source": told.source,
        "bank_reference": told.bank_reference,
        "import_id": str(told.import_id),
        "booked_on": told.occurred_on.isoformat(),
        "value_on": told.value_on.isoformat(),
        "amount": told.amount.model_dump(mode="json"),
        "direction": told.direction.value,
        "state": line.state.value,
        "why": line.why and line.why.value,
        "contract_id": matched and str(matched.contract_id),
        "matched_by": matched and matched.matched_by,
        "aside": line.aside and line.aside.value,
        "box": box and box.model_dump(mode="json"),
    }
