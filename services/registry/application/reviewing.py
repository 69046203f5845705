"""Reads out of one's scope, looked at by another person afterwards."""

from services.registry.application import Registry
from shared.contracts.operations import Receipt
from shared.contracts.registry import commands
from shared.eventstore.acts import Act
from shared.eventstore.reads import Access


def review_access(registry: Registry, command: commands.ReviewAccess, act: Act) -> Receipt:
    access = registry.load(Access, command.access_id, act.expected_version)
    access.review(justified=command.justified, by=act.provenance.actor, on=registry.today())
    return registry.commit(act, access)
