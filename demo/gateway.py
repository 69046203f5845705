"""A client of the platform's HTTP API, as any frontend would be one."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx

ATTEMPTS = 6
"""Of a request that was not answered, or put off; its key makes repeating it safe."""
LATER = {httpx.codes.SERVICE_UNAVAILABLE, httpx.codes.TOO_MANY_REQUESTS}
PAUSE = 0.5
"""Seconds before the second attempt where the gateway names none; doubled each time."""
TIMEOUT = 30.0


@dataclass(frozen=True)
class Login:
    """Who makes a request."""

    role: str
    partner: str


class Refused(Exception):
    """A problem document (RFC 9457), whose code it keeps, or an unreachable gateway."""

    def __init__(self, text: str, code: str | None = None) -> None:
        super().__init__(text)
        self.code = code


class Gateway:
    """Requests with a bearer token, a key on each command, and patience."""

    def __init__(self, http: httpx.AsyncClient, token: Callable[[Login], str]) -> None:
        self._http = http
        self._token = token
        self._tokens: dict[Login, str] = {}

    async def command(
        self,
        login: Login,
        path: str,
        body: Mapping[str, Any],
        key: str,
        version: int | None = None,
        method: str = "POST",
    ) -> dict[str, Any]:
        """Send a command; `version` is the one of the aggregate that its author has seen."""
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        content = json.dumps(body, default=_plain)
        return await self._answer(login, method, path, headers=headers, content=content)

    async def upload(
        self,
        login: Login,
        path: str,
        fields: Mapping[str, str],
        file: tuple[str, bytes],
        key: str,
    ) -> dict[str, Any]:
        """Send a form with one file: its name and content."""
        return await self._answer(
            login,
            "POST",
            path,
            headers={"Idempotency-Key": key},
            data=dict(fields),
            files={"file": file},
        )

    async def read(self, login: Login, path: str, **query: Any) -> dict[str, Any]:
        given = {name: value for name, value in query.items() if value is not None}
        return await self._answer(login, "GET", path, headers={}, params=given)

    async def fetch(self, login: Login, path: str) -> bytes:
        """A document."""
        answer = await self._response(login, "GET", path, headers={"Accept": "*/*"})
        return answer.content

    async def _answer(
        self, login: Login, method: str, path: str, headers: dict[str, str], **request: Any
    ) -> dict[str, Any]:
        headers |= {"Accept": "application/json"}
        return dict((await self._response(login, method, path, headers, **request)).json())

    async def _response(
        self, login: Login, method: str, path: str, headers: dict[str, str], **request: Any
    ) -> httpx.Response:
        token = self._tokens.setdefault(login, self._token(login))
        headers |= {
            "Authorization": f"Bearer {token}",
            "X-Purpose": "demonstration",
        }
        failure, code = "no answer", None
        pause = PAUSE
        for _ in range(ATTEMPTS):
            try:
                response = await self._http.request(method, path, headers=headers, **request)
            except httpx.TransportError as error:
                failure = f"{method} {path}: {type(error).__name__}"
            else:
                if response.is_success:
                    return response
                code, problem = _problem(response)
                failure = f"{method} {path}: {problem}"
                if response.status_code not in LATER:
                    break
                pause = float(response.headers.get("Retry-After", pause))
            await asyncio.sleep(pause)
            pause *= 2
        raise Refused(failure, code)


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _problem(response: httpx.Response) -> tuple[str | None, str]:
    """The code of a problem, and a text with its status, code and place; never what was sent."""
    try:
        problem = response.json()
    except ValueError:
        return None, f"{response.status_code}"
    errors = [f"{e.get('pointer')} {e.get('code')}" for e in problem.get("errors") or ()]
    code = str(problem.get("code"))
    return code, " ".join([str(response.status_code), code, *errors])
