"""Reporting on the wire: one line per operation, a class per subject."""

from services.reporting.bootstrap import Composition, compose
from services.reporting.service.checks import Checks
from services.reporting.service.documents import Documents
from services.reporting.service.facts import Facts
from services.reporting.service.indicators import Indicators
from services.reporting.service.plans import Plans
from services.reporting.service.reports import Reports
from shared.contracts.operations import FeedPage, FeedRequest
from shared.messaging.consuming import reactions
from shared.messaging.reactions import Reactions
from shared.messaging.rpc import feed
from shared.runtime.composed import Composed


class Service(Facts, Indicators, Plans, Reports, Checks, Documents):
    name = "reporting"
    reporting: Composition = Composed(compose)

    @reactions
    def from_registry(self) -> Reactions:
        return self.reporting.to["registry"]

    @reactions
    def from_training(self) -> Reactions:
        return self.reporting.to["training"]

    @reactions
    def from_kasa(self) -> Reactions:
        return self.reporting.to["kasa"]

    @reactions
    def from_research(self) -> Reactions:
        return self.reporting.to["research"]

    @feed
    def feed(self, request: FeedRequest) -> FeedPage:
        return self.reporting.publication.page(request)
