"""Every call that the audit answers, and who may make it.

Checkpoints and proofs are hashes and sizes: anybody may have them, and the more do the better. Events
themselves are for auditors.
"""

from shared.contracts.access import Role
from shared.contracts.audit import commands, views
from shared.contracts.jobs import JobStarted
from shared.contracts.model import Published
from shared.contracts.operations import (
    Calls,
    Effect,
    NoRequest,
    Operation,
    ReplyT,
    RequestT,
)

READERS = frozenset({Role.AUDITOR})
ANCHORING = frozenset({Role.AUDITOR, Role.OPERATOR})

_CALLS = Calls("audit")


def _open(name: str, request: type[RequestT], reply: type[ReplyT]) -> Operation[RequestT, ReplyT]:
    return Operation("audit", name, Effect.QUERY, request, reply, frozenset(), open=True)


LIST_CHECKPOINTS = _open("list_checkpoints", NoRequest, views.CheckpointList)
GET_CHECKPOINT = _open("get_checkpoint", views.GetCheckpoint, views.Checkpoint)
PROVE_INCLUSION = _open("prove_inclusion", views.ProveInclusion, views.InclusionProof)
PROVE_CONSISTENCY = _open("prove_consistency", views.ProveConsistency, views.ConsistencyProof)
GET_TILE = _open("get_tile", views.GetTile, views.TileHashes)
LIST_LOG_ENTRIES = _CALLS.query("list_log_entries", views.ListEntries, views.EntryList, READERS)
ORDER_PACK = _CALLS.query("order_pack", commands.OrderPack, JobStarted, READERS)
GET_PACK = _CALLS.query("get_pack", views.GetPack, views.PackJob, READERS)
FETCH_PACK = _CALLS.query("fetch_pack", views.GetPack, views.PackFile, READERS)
ATTACH_COSIGNATURE = _CALLS.command("attach_cosignature", commands.AttachCosignature, ANCHORING)

OPERATIONS: tuple[Operation[Published, Published], ...] = tuple(
    operation for operation in list(globals().values()) if isinstance(operation, Operation)
)
