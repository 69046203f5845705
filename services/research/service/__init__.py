"""Research on the wire: one line per operation, a class per subject."""

from services.research.bootstrap import Composition, compose
from services.research.service.communes import Communes
from services.research.service.diagnoses import Diagnoses
from services.research.service.followups import FollowUps
from services.research.service.instruments import Instruments
from services.research.service.invitations import Invitations
from services.research.service.releases import Releases
from services.research.service.responses import Responses
from services.research.service.samples import Samples
from services.research.service.studies import Studies
from services.research.service.webforms import WebForms
from shared.contracts.operations import FeedPage, FeedRequest
from shared.messaging.consuming import reactions
from shared.messaging.reactions import Reactions
from shared.messaging.rpc import feed
from shared.runtime.composed import Composed


class Service(
    Studies,
    Instruments,
    Samples,
    Invitations,
    WebForms,
    Responses,
    FollowUps,
    Releases,
    Communes,
    Diagnoses,
):
    name = "research"
    research: Composition = Composed(compose)

    @reactions
    def from_registry(self) -> Reactions:
        return self.research.to_registry

    @reactions
    def from_kasa(self) -> Reactions:
        return self.research.to_kasa

    @feed
    def feed(self, request: FeedRequest) -> FeedPage:
        return self.research.publication.page(request)
