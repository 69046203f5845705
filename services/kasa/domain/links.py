"""Chains of links: who belongs together when each knows only the next."""

from collections.abc import Collection, Iterable
from uuid import UUID

from shared.contracts.kasa.vocabulary.undertakings import Link


def linked_groups(parties: Collection[UUID], links: Iterable[Link]) -> tuple[frozenset[UUID], ...]:
    """The parties in groups that are connected by links, through however many others."""
    group = {party: frozenset({party}) for party in parties}
    for link in links:
        joined = group[link.one] | group[link.other]
        group |= dict.fromkeys(joined, joined)
    return tuple(dict.fromkeys(group[party] for party in sorted(parties)))
