"""Research: studies, questionnaires, samples, measurements after the exit,
releases; a module per subject.
"""

from gateway.endpoints import Endpoint
from gateway.routes.research import (
    followups,
    instruments,
    invitations,
    releases,
    samples,
    studies,
)

ENDPOINTS: tuple[Endpoint, ...] = (
    *studies.ENDPOINTS,
    *instruments.ENDPOINTS,
    *samples.ENDPOINTS,
    *invitations.ENDPOINTS,
    *followups.ENDPOINTS,
    *releases.ENDPOINTS,
)
