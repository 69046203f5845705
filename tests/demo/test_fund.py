"""The fund's part of the demonstration asks for what the contracts know, each time by another key."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from typing import Any, cast
from uuid import uuid4

import pytest

from demo.applications import APPLICATIONS
from demo.committee import MEETINGS
from demo.courses import courses
from demo.enterprises import EMPLOYED, ESTABLISHED, FOUNDERS, WIKLINA, founders
from demo.gateway import Gateway, Login, Refused
from demo.kasa import OVER_CEILING, Kasa
from demo.loans import LOAN_CONTRACTS
from demo.mistakes import rows_of
from demo.people import people
from demo.player import Played
from demo.statements import HUTNIK, KUCHNIA, STATEMENTS, UNNAMED, WARSZTAT
from gateway.endpoints import PLACEHOLDER, Endpoint
from gateway.routes.kasa import ENDPOINTS
from services.kasa.domain.identifiers import checked_identifiers
from services.kasa.domain.matching import number_keys
from services.kasa.formats.statements import read_statement
from shared.contracts.access import Role
from shared.contracts.kasa.vocabulary.enterprises import Identifiers

TODAY = date(2026, 11, 23)
ROWS, MISTAKES = rows_of(people())
COURSES = courses(list({row.person.reference: row.person for row in ROWS}.values()), MISTAKES)


class Quiet:
    def stage(self, name: str, total: int = 0) -> None:
        pass

    def advance(self) -> None:
        pass


@dataclass
class Listener:
    """Stands for the gateway: judges each command by the contract of its route, and says yes."""

    given: dict[str, tuple[Endpoint, dict[str, Any]]] = field(default_factory=dict)
    requests: list[dict[str, Any]] = field(default_factory=list)
    statements: list[tuple[str, bytes]] = field(default_factory=list)

    async def command(
        self,
        login: Login,
        path: str,
        body: Mapping[str, Any],
        key: str,
        version: int | None = None,
        method: str = "POST",
    ) -> dict[str, Any]:
        endpoint, named = found(method, path)
        assert Role(login.role) in endpoint.operation.roles
        assert (version is not None) is endpoint.versioned
        assert key not in self.given
        payload = named | json.loads(json.dumps(body, default=str))
        endpoint.operation.request.model_validate(payload)
        self.given[key] = endpoint, payload
        if key.endswith("F-OPIEKA/support/resolve") and "DOT" in key:
            raise Refused("over the ceiling", OVER_CEILING)
        if endpoint.operation.name == "request_disbursement":
            self.requests.append({"id": str(uuid4())})
        return {"id": str(uuid4()), "version": (version or 0) + 1, "position": 1, "repeated": 0}

    async def upload(
        self,
        _login: Login,
        _path: str,
        _fields: Mapping[str, str],
        file: tuple[str, bytes],
        _key: str,
    ) -> dict[str, Any]:
        self.statements.append(file)
        return {"id": str(uuid4())}

    async def read(self, _login: Login, path: str, **_query: Any) -> dict[str, Any]:
        listed: dict[str, Any] = {"items": [], "next_cursor": None}
        if path.startswith("/enterprises/"):
            return {"places": [{"place_id": str(uuid4())} for _ in range(EMPLOYED + 1)]}
        if path.startswith("/loans/"):
            return {"version": 5, "requests": self.requests * 3, "versions": [], "payments": []}
        if path.startswith("/bank/statements/"):
            return {"state": "done", "rejected": 0}
        if path == "/bank/lines":
            line = {"id": str(uuid4()), "version": 1, "state": "queued"}
            return {"items": [line | {"bank_reference": UNNAMED.reference}], "next_cursor": None}
        if path.startswith("/fund/sources/"):
            waits = any(key.endswith("/withdraw") for key in self.given)
            return {"withdrawals": [{"id": str(uuid4())}] if waits else []}
        return {"sources": []} if path == "/fund" else listed

    def operations(self) -> Counter[str]:
        return Counter(endpoint.operation.name for endpoint, _ in self.given.values())


def found(method: str, path: str) -> tuple[Endpoint, dict[str, Any]]:
    for endpoint in ENDPOINTS:
        pattern = PLACEHOLDER.sub(r"(?P<\1>[^/]+)", endpoint.path)
        if endpoint.method == method and (match := re.fullmatch(pattern, path)):
            return endpoint, match.groupdict()
    raise AssertionError(f"no route {method} {path}")


def played(today: date) -> tuple[Listener, Played]:
    listener, result = Listener(), Played()
    ids = [str(uuid4()) for _ in founders(COURSES, today)]
    result.certificates = [{"id": str(uuid4()), "participant_id": each} for each in ids]
    fund = Kasa(cast("Gateway", listener), today, Quiet(), result, ids)
    asyncio.run(fund.play())
    return listener, result


def test_every_command_is_one_that_the_contract_knows() -> None:
    listener, result = played(TODAY)
    assert result.failures == []
    counts = listener.operations()
    assert counts["draft_application"] == len(APPLICATIONS) == 12
    assert counts["resolve_case"] == sum(len(each.cases) for each in MEETINGS)
    assert (counts["recuse"], counts["withdraw_application"]) == (4, 1)
    assert (counts["accept_grant_report"], counts["reject_grant_report"]) == (1, 1)
    assert (counts["pay_tranche"], counts["count_certificate"]) == (3, 1)
    assert (counts["sign_loan"], counts["confirm_disbursement"]) == (3, 4)
    assert (counts["restructure_loan"], counts["match_bank_line"]) == (1, 1)


def test_the_statements_are_read_line_by_line_and_one_line_names_no_contract() -> None:
    listener, _ = played(TODAY)
    read = [
        line
        for filename, content in listener.statements
        for line in read_statement(BytesIO(content), filename)
    ]
    assert [line.errors for line in read] == [()] * sum(len(each.bookings) for each in STATEMENTS)
    lines = [each.line for each in read if each.line is not None]
    assert {line.payer_account for line in lines} == {KUCHNIA, WARSZTAT, HUTNIK}
    unnamed = [line.bank_reference for line in lines if not [*number_keys(line.title)]]
    assert unnamed == [UNNAMED.reference]
    named = {key for line in lines for key in number_keys(line.title)}
    assert named == {key for loan in LOAN_CONTRACTS for key in number_keys(loan.number)}


@pytest.mark.parametrize("back", [200, 260, 300, 330, 400])
def test_on_an_earlier_day_only_what_has_come_is_played(back: int) -> None:
    today = TODAY - timedelta(back)
    listener, result = played(today)
    assert result.failures == []
    for _, payload in listener.given.values():
        days = {str(day) for name, day in payload.items() if name.endswith("_on")}
        assert all(day <= today.isoformat() for day in days)


def test_the_founders_have_certificates_and_the_numbers_are_well_formed() -> None:
    group = founders(COURSES, TODAY)
    assert len({person.reference for person in group}) == FOUNDERS
    assert founders(COURSES, WIKLINA.known_on - timedelta(1)) == []
    enterprises = (*ESTABLISHED, WIKLINA)
    for enterprise in enterprises:
        checked_identifiers(Identifiers.model_validate(enterprise.identifiers))
    assert len({each.identifiers["nip"] for each in enterprises}) == len(enterprises)
