"""What a ledger knows to be erased stays erased, also in a vault restored from an older copy.

An older copy of the vault has keys again that were destroyed since, and no tombstones for them. The
ledger remembers each erasure, so before an application reads or seals anything it holds the vault
against its ledger. The vault itself notes up to which position that was done (`applied`): the note
is restored together with the keys, so only what the copy can lack is read.
"""

from collections.abc import Iterator
from typing import Final

import structlog

from shared.eventstore.ledger import Ledger
from shared.eventstore.mapper import LedgerMapper
from shared.eventstore.vault import Vault
from shared.kernel.erasure import Erasure

log = structlog.get_logger(__name__)

BASIS: Final = "tombstone_reapplied"
PAGE: Final = 500


def reapply(name: str, ledger: Ledger, mapper: LedgerMapper, vault: Vault) -> int:
    """Erase again what the ledger `name` knows to be erased and the vault does not; how many subjects.

    Anything found is an alarm: the vault was restored, or somebody removed tombstones. May be
    repeated at any time; raises what `Vault.erase` raises, and then nobody may be served.
    """
    head = ledger.head()
    restored = 0
    for position, erasure in _recorded(ledger, mapper, vault.applied(name) + 1, head):
        missing = set(erasure.data_classes) - vault.erased(erasure.subject)
        if missing:
            vault.erase(erasure.subject, missing, basis=BASIS, approved_by=f"{name}/{position}")
            restored += 1
    vault.note_applied(name, head)
    if restored:
        log.critical("tombstones_were_missing", ledger=name, subjects=restored)
    return restored


def _recorded(
    ledger: Ledger, mapper: LedgerMapper, start: int, stop: int
) -> Iterator[tuple[int, Erasure]]:
    topics = [each.TOPIC for each in _kinds(Erasure)]
    while topics and start <= stop:
        page = ledger.notifications(start, PAGE, stop, topics)
        for notification, event in zip(page, mapper.to_domain_events(page), strict=True):
            if isinstance(event, Erasure):
                yield notification.id, event
        if len(page) < PAGE:
            return
        start = page[-1].id + 1


def _kinds(event_class: type[Erasure]) -> Iterator[type[Erasure]]:
    for kind in event_class.__subclasses__():
        yield kind
        yield from _kinds(kind)
