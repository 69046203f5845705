"""Kasa on the wire: one line per operation, a class per subject."""

from services.kasa.bootstrap import Composition, compose
from services.kasa.service.advice import Advice
from services.kasa.service.bank import Bank
from services.kasa.service.calls import Calls
from services.kasa.service.committee import Committee
from services.kasa.service.enterprises import Enterprises
from services.kasa.service.fund import Fund
from services.kasa.service.grants import Grants
from services.kasa.service.loans import Loans
from services.kasa.service.queue import Queue
from services.kasa.service.undertakings import Undertakings
from shared.contracts.operations import FeedPage, FeedRequest
from shared.messaging.consuming import reactions
from shared.messaging.reactions import Reactions
from shared.messaging.rpc import feed
from shared.runtime.composed import Composed


class Service(
    Enterprises, Undertakings, Advice, Calls, Committee, Grants, Loans, Fund, Bank, Queue
):
    name = "kasa"
    kasa: Composition = Composed(compose)

    @reactions
    def from_registry(self) -> Reactions:
        return self.kasa.to_registry

    @reactions
    def from_training(self) -> Reactions:
        return self.kasa.to_training

    @reactions
    def from_research(self) -> Reactions:
        return self.kasa.to_research

    @feed
    def feed(self, request: FeedRequest) -> FeedPage:
        return self.kasa.publication.page(request)
