"""Research: studies, questionnaires, samples, measurements after the exit,
releases, communes, diagnoses; a module per subject.
"""

from gateway.endpoints import Endpoint
from gateway.routes.research import (
    communes,
    diagnoses,
    followups,
    instruments,
    invitations,
    releases,
    responses,
    samples,
    studies,
)

ENDPOINTS: tuple[Endpoint, ...] = (
    *studies.ENDPOINTS,
    *instruments.ENDPOINTS,
    *samples.ENDPOINTS,
    *invitations.ENDPOINTS,
    *responses.ENDPOINTS,
    *followups.ENDPOINTS,
    *releases.ENDPOINTS,
    *communes.ENDPOINTS,
    *diagnoses.ENDPOINTS,
)
