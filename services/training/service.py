"""Training on the wire: one line per operation."""

from services.training.application import programmes
from services.training.bootstrap import Composition, compose
from shared.contracts.operations import FeedPage, FeedRequest, Receipt
from shared.contracts.training import commands, views
from shared.contracts.training import operations as ops
from shared.messaging.calls import CallContext
from shared.messaging.consuming import reactions
from shared.messaging.reactions import Reactions
from shared.messaging.rpc import feed, operation
from shared.runtime.composed import Composed


class Service:
    name = "training"
    training: Composition = Composed(compose)

    @operation(ops.OPEN_PROGRAMME)
    def open_programme(self, request: commands.OpenProgramme, context: CallContext) -> Receipt:
        return self.training.command(programmes.open_programme, request, context)

    @operation(ops.REVISE_PROGRAMME)
    def revise_programme(self, request: commands.ReviseProgramme, context: CallContext) -> Receipt:
        return self.training.command(programmes.revise_programme, request, context)

    @operation(ops.WITHDRAW_PROGRAMME)
    def withdraw_programme(
        self, request: commands.WithdrawProgramme, context: CallContext
    ) -> Receipt:
        return self.training.command(programmes.withdraw_programme, request, context)

    @operation(ops.LIST_PROGRAMMES)
    def list_programmes(
        self, request: views.ListProgrammes, context: CallContext
    ) -> views.ProgrammePage:
        return self.training.query(
            self.training.queries.programmes.list_programmes, request, context
        )

    @operation(ops.GET_PROGRAMME)
    def get_programme(self, request: views.ById, context: CallContext) -> views.Programme:
        return self.training.query(self.training.queries.programmes.get_programme, request, context)

    @reactions
    def from_registry(self) -> Reactions:
        return self.training.to_registry

    @feed
    def feed(self, request: FeedRequest) -> FeedPage:
        return self.training.publication.page(request)
