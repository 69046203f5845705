"""Files in: the bytes pass to the file store, the service gets a claim check and starts a job."""

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

from fastapi import Request
from pydantic import ValidationError
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.responses import Response

from gateway.endpoints import Context, Endpoint, reply_response
from gateway.problems import Problem, field_errors
from gateway.requests import pieces
from shared.contracts.operations import Operation

MAX_UPLOAD = 50 * 1024 * 1024
"""Bytes of an uploaded form."""
MAX_FIELD = 1024
"""Bytes of a form field that is not the file, and of a part's header."""
OCTETS = "application/octet-stream"
"""What a caller says about a file's type is not believed; the job looks at the content."""
MULTIPART = "multipart/form-data"
FILE_FIELDS = ("file_id", "filename")
"""Fields of a request that come from the file, not from the form."""


class UploadForm:
    """A `multipart/form-data` body (RFC 7578) with one file, read as it arrives.

    `feed` raises `Problem`: `upload_invalid`.
    """

    def __init__(self, content_type: str) -> None:
        _, options = parse_options_header(content_type)
        if not options.get(b"boundary"):
            raise Problem("upload_invalid")
        self.fields: dict[str, str] = {}
        self.filename: str | None = None
        self.file_ended = False
        self.ended = False
        self._file: list[bytes] = []
        self._name = ""
        self._value = b""
        self._header = (b"", b"")
        self._disposition = b""
        self._parser = MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": self._begin_part,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._end_header,
                "on_headers_finished": self._name_part,
                "on_part_data": self._part_data,
                "on_part_end": self._end_part,
                "on_end": self._end,
            },
        )

    def feed(self, piece: bytes) -> None:
        try:
            self._parser.write(piece)
        except (FormParserError, UnicodeDecodeError):
            raise Problem("upload_invalid") from None

    def take(self) -> Iterator[bytes]:
        """The pieces of the file that have arrived since the last call."""
        arrived, self._file = self._file, []
        return iter(arrived)

    @property
    def _in_file(self) -> bool:
        return self.filename is not None and not self.file_ended

    def _begin_part(self) -> None:
        self._name, self._value, self._disposition = "", b"", b""

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header = (_bounded(self._header[0] + data[start:end]), self._header[1])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header = (self._header[0], _bounded(self._header[1] + data[start:end]))

    def _end_header(self) -> None:
        field, value = self._header
        if field.lower() == b"content-disposition":
            self._disposition = value
        self._header = (b"", b"")

    def _name_part(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._name = options.get(b"name", b"").decode()
        filename = options.get(b"filename")
        if (self._name == "file") != (filename is not None) or self._name in self.fields:
            raise Problem("upload_invalid")
        if filename is not None:
            if self.filename is not None:
                raise Problem("upload_invalid")
            self.filename = filename.decode()

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self._file.append(data[start:end])
        else:
            self._value = _bounded(self._value + data[start:end])

    def _end_part(self) -> None:
        if self._in_file:
            self.file_ended = True
        else:
            self.fields[self._name] = self._value.decode()

    def _end(self) -> None:
        self.ended = True


def upload(operation: Operation[Any, Any], path: str, location: str, summary: str) -> Endpoint:
    """Start a job on an uploaded file. The operation's request has `FILE_FIELDS`, and the fields of
    the form.
    """
    return Endpoint(
        operation=operation,
        method="POST",
        path=path,
        summary=summary,
        status=202,
        keyed=True,
        location=location,
        accepts=MULTIPART,
        handler=_store_and_start,
    )


async def _store_and_start(request: Request, context: Context, _: Mapping[str, Any]) -> Response:
    """Upload a file and start its import; the file is checked by the job.

    Send the fields before the file, so that a mistake in them is answered early.
    """
    form = UploadForm(request.headers["content-type"])
    body = pieces(request, MAX_UPLOAD)
    file_id = None
    async for piece in body:
        form.feed(piece)
        if form.filename is not None and file_id is None:
            file_id = await context.parts.files.store(_file(form, body), form.filename, OCTETS)
    if file_id is None or not form.ended:
        raise Problem("upload_invalid")
    operation = context.endpoint.operation
    claim = dict(zip(FILE_FIELDS, (file_id, form.filename), strict=True))
    try:
        start = operation.request.model_validate({**form.fields, **claim})
    except ValidationError as error:
        raise Problem("invalid", errors=field_errors(error.errors(), "body")) from None
    reply = await context.call(operation, start.model_dump(mode="json"))
    return reply_response(context.endpoint, reply)


async def _file(form: UploadForm, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    while True:
        for piece in form.take():
            yield piece
        if form.file_ended:
            return
        following = await anext(body, None)
        if following is None:
            raise Problem("upload_invalid")
        form.feed(following)


def _bounded(value: bytes) -> bytes:
    if len(value) > MAX_FIELD:
        raise Problem("upload_invalid")
    return value
