"""What the commands on contracts need of the fund's books: each event that moves money, and its entry,
are one commit.
"""

from services.kasa.application import Kasa, Known
from services.kasa.domain.fund import Fund
from services.kasa.domain.ids import id_of
from shared.contracts.kasa.vocabulary.fund import Cause
from shared.kernel.aggregate import Aggregate
from shared.kernel.errors import Rejected


def books_of(kasa: Known, source: str, pointer: str = "/source") -> Fund:
    """Raises `kasa.source_unknown`."""
    fund = kasa.find(Fund, id_of("fund", source))
    if fund is None:
        raise Rejected("kasa.source_unknown", {"source": source}, pointer)
    return fund


def last_event_of(contract: Aggregate) -> Cause:
    """As the cause of an entry that is recorded in the same commit."""
    return Cause(stream=contract.id, version=contract.version)


def require_source(kasa: Kasa, source: str) -> None:
    """There are books of this source. Raises `kasa.source_unknown`; reads their first event only."""
    opening = kasa.recorder.ledger.events_of(id_of("fund", source), gt=None, lte=1)
    if not opening:
        raise Rejected("kasa.source_unknown", {"source": source}, "/source")
