"""Research on the wire: one line per operation, a class per subject."""

from services.research.bootstrap import Composition, compose
from services.research.service.studies import Studies
from shared.contracts.operations import FeedPage, FeedRequest
from shared.messaging.rpc import feed
from shared.runtime.composed import Composed


class Service(Studies):
    name = "research"
    research: Composition = Composed(compose)

    @feed
    def feed(self, request: FeedRequest) -> FeedPage:
        return self.research.publication.page(request)
