"""Samples: who is asked in a wave."""

from gateway.endpoints import Endpoint, query, search, unconditional
from gateway.uploads import upload
from shared.contracts.research.operations import samples as research

SAMPLE = "/waves/{wave_id}/sample"

ENDPOINTS: tuple[Endpoint, ...] = (
    search(research.PREVIEW_FRAME, "/frames/preview", "Read how many could be drawn, by group"),
    unconditional(research.DRAW_SAMPLE, "/studies/{study_id}/waves/{wave_id}/sample", "Draw"),
    upload(research.DRAW_FROM_LIST, "/samples/lists", "/waves/{id}/sample", "Draw from a list"),
    query(research.GET_SAMPLE, SAMPLE, "Read a sample by group"),
)
