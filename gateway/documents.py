"""Files out: a service names what it rendered by its claim check, the bytes come from the file store."""

import re
from typing import Final

from starlette.responses import Response, StreamingResponse

from gateway.endpoints import Context

_OTHER: Final = re.compile(r"[^A-Za-z0-9._-]+")


async def download(
    context: Context, file_id: str, filename: str, media_type: str | None = None
) -> Response:
    """The stored file, under a name without characters that headers treat apart; of the type that the
    endpoint offers, or of this one. Raises `Problem`.
    """
    content = await context.parts.files.open(file_id)
    disposition = f'attachment; filename="{_OTHER.sub("-", filename)}"'
    return StreamingResponse(
        content, 200, {"Content-Disposition": disposition}, media_type or context.endpoint.offers
    )
