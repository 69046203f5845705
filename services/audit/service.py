"""The audit on the wire: one line per operation."""

from services.audit.bootstrap import Composition, compose
from shared.contracts.audit import commands, views
from shared.contracts.audit import operations as ops
from shared.contracts.jobs import JobStarted
from shared.contracts.operations import FeedPage, FeedRequest, NoRequest, Receipt
from shared.messaging.calls import CallContext
from shared.messaging.rpc import feed, operation
from shared.runtime.composed import Composed


class Service:
    name = "audit"
    audit: Composition = Composed(compose)

    @operation(ops.LIST_CHECKPOINTS)
    def list_checkpoints(self, request: NoRequest, context: CallContext) -> views.CheckpointList:
        return self.audit.query(self.audit.queries.list_checkpoints, request, context)

    @operation(ops.GET_CHECKPOINT)
    def get_checkpoint(
        self, request: views.GetCheckpoint, context: CallContext
    ) -> views.Checkpoint:
        return self.audit.query(self.audit.queries.get_checkpoint, request, context)

    @operation(ops.PROVE_INCLUSION)
    def prove_inclusion(
        self, request: views.ProveInclusion, context: CallContext
    ) -> views.InclusionProof:
        return self.audit.query(self.audit.queries.prove_inclusion, request, context)

    @operation(ops.PROVE_CONSISTENCY)
    def prove_consistency(
        self, request: views.ProveConsistency, context: CallContext
    ) -> views.ConsistencyProof:
        return self.audit.query(self.audit.queries.prove_consistency, request, context)

    @operation(ops.GET_TILE)
    def get_tile(self, request: views.GetTile, context: CallContext) -> views.TileHashes:
        return self.audit.query(self.audit.queries.get_tile, request, context)

    @operation(ops.LIST_LOG_ENTRIES)
    def list_log_entries(self, request: views.ListEntries, context: CallContext) -> views.EntryList:
        return self.audit.query(self.audit.queries.list_log_entries, request, context)

    @operation(ops.ORDER_PACK)
    def order_pack(self, request: commands.OrderPack, context: CallContext) -> JobStarted:
        return self.audit.query(self.audit.packs.order_pack, request, context)

    @operation(ops.GET_PACK)
    def get_pack(self, request: views.GetPack, context: CallContext) -> views.PackJob:
        return self.audit.query(self.audit.packs.get_pack, request, context)

    @operation(ops.FETCH_PACK)
    def fetch_pack(self, request: views.GetPack, context: CallContext) -> views.PackFile:
        return self.audit.query(self.audit.packs.fetch_pack, request, context)

    @operation(ops.ATTACH_COSIGNATURE)
    def attach_cosignature(
        self, request: commands.AttachCosignature, context: CallContext
    ) -> Receipt:
        return self.audit.command(self.audit.anchoring.attach_cosignature, request, context)

    @feed
    def feed(self, request: FeedRequest) -> FeedPage:
        return self.audit.publication.page(request)
