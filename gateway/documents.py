"""Files out: a service names what it rendered by its claim check, the bytes come from the file store."""

from starlette.responses import Response, StreamingResponse

from gateway.endpoints import Context


async def download(context: Context, file_id: str, filename: str) -> Response:
    """The stored file under a name; `filename` is plain ASCII. Raises `Problem`."""
    content = await context.parts.files.open(file_id)
    disposition = f'attachment; filename="{filename}"'
    return StreamingResponse(
        content, 200, {"Content-Disposition": disposition}, context.endpoint.offers
    )
