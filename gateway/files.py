"""Files pass through the gateway piece by piece, never whole; the store's calls run in threads."""

from collections.abc import AsyncIterator

from starlette.concurrency import iterate_in_threadpool, run_in_threadpool

from gateway.problems import Problem
from shared.runtime import files
from shared.runtime.files import FileStore


class Files:
    """The file store for asynchronous code. Each call may raise `Problem`: `files_unavailable`."""

    def __init__(self, store: FileStore) -> None:
        self._store = store

    async def store(self, pieces: AsyncIterator[bytes], name: str, content_type: str) -> str:
        """Keep a file; the id is its claim check. Nothing is kept when `pieces` raises."""
        try:
            writer = self._store.create(name=name, content_type=content_type)
            try:
                async for piece in pieces:
                    await run_in_threadpool(writer.write, piece)
                return await run_in_threadpool(writer.finish)
            except BaseException:
                await run_in_threadpool(writer.abort)
                raise
        except files.FileStoreUnavailable:
            raise Problem("files_unavailable") from None

    async def open(self, file_id: str) -> AsyncIterator[bytes]:
        """The content. Raises `Problem`: `file_unknown`, before the first piece."""
        try:
            found = await run_in_threadpool(self._store.open, file_id)
        except files.FileMissing:
            raise Problem("file_unknown") from None
        except files.FileStoreUnavailable:
            raise Problem("files_unavailable") from None
        return iterate_in_threadpool(found.chunks())
