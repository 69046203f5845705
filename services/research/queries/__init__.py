"""Answers to research's queries, from its read models; one module per subject.

Each subject is a class on the same ground, with a method per query of the contract.
"""

from services.research.queries.communes import Communes
from services.research.queries.diagnoses import Diagnoses
from services.research.queries.followups import FollowUps
from services.research.queries.instruments import Instruments
from services.research.queries.invitations import Invitations
from services.research.queries.reading import Reading
from services.research.queries.releases import Releases
from services.research.queries.responses import Responses
from services.research.queries.samples import Samples
from services.research.queries.studies import Studies


class Queries:
    def __init__(self, reading: Reading) -> None:
        self.studies = Studies(reading)
        self.samples = Samples(reading)
        self.invitations = Invitations(reading)
        self.instruments = Instruments(reading)
        self.releases = Releases(reading)
        self.communes = Communes(reading)
        self.diagnoses = Diagnoses(reading)
        self.followups = FollowUps(reading)
        self.responses = Responses(reading)
