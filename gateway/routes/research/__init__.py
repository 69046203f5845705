"""Research: studies, samples, measurements after the exit; a module per subject."""

from gateway.endpoints import Endpoint
from gateway.routes.research import followups, samples, studies

ENDPOINTS: tuple[Endpoint, ...] = (*studies.ENDPOINTS, *samples.ENDPOINTS, *followups.ENDPOINTS)
