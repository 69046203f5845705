"""The loans played through the gateway: contracts, money out by two people, money in by statements."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from demo.acts import Act
from demo.calls import LOANS
from demo.enacting import Enacting
from demo.gateway import Gateway, Refused
from demo.loans import IN_ARREARS, LOAN_CONTRACTS, SIGNED_ON, SIGNER, Loan
from demo.player import COORDINATOR, Played, Progress, until
from demo.statements import STATEMENTS, UNNAMED, Statement, content

MATCHED_ON: Final = date(2026, 9, 22)


class Lending(Enacting):
    """`parties` are the ids of borrower and application, by the code of the enterprise."""

    def __init__(
        self,
        gateway: Gateway,
        today: date,
        progress: Progress,
        played: Played,
        parties: Mapping[str, tuple[str, str]],
    ) -> None:
        super().__init__(gateway, today, progress, played)
        self._parties = parties
        self._loans: dict[str, tuple[str, int]] = {}
        """Ids and versions by number."""

    async def play(self) -> None:
        await self._each("fund: loans signed and paid out", LOAN_CONTRACTS, self._lend)
        if self._today >= SIGNED_ON:
            for statement in STATEMENTS:
                await self._each(f"fund: {statement.filename}", [statement], self._import)
            await self._each("fund: a line matched by a person", [UNNAMED.reference], self._match)
        await self._each("fund: loans changed", LOAN_CONTRACTS, self._change)

    async def _lend(self, loan: Loan) -> None:
        if loan.enterprise.code not in self._parties:
            return
        enterprise, application = self._parties[loan.enterprise.code]
        body = loan.contract | {"enterprise_id": enterprise, "application_id": application}
        signed = await self._create(SIGNER, SIGNED_ON, "/loans", body, loan.key)
        if signed is None:
            return
        path = f"/loans/{signed['id']}"
        version = await self._enact(path, loan.key, signed["version"], [loan.condition])
        for tranche, (on, *_) in enumerate(loan.tranches):
            if on <= self._today:
                version = await self._enact(path, loan.key, version, [loan.asked(tranche)])
                request = await self._request(path, tranche)
                acts = loan.paid_out(tranche, request)
                version = await self._enact(path, loan.key, version, acts)
        self._loans[loan.number] = signed["id"], version

    async def _request(self, path: str, tranche: int) -> str:
        """The id of the request for a tranche; they are listed in the order in which they came."""
        card = await self._gateway.read(COORDINATOR, path, at_least=self._position)
        return str(card["requests"][tranche]["id"])

    async def _import(self, statement: Statement) -> None:
        """With what was booked by the day of playing; a longer one is another file."""
        booked = len(statement.until(self._today))
        if not booked:
            return
        started = await self._gateway.upload(
            SIGNER,
            "/bank/statements",
            {"source": LOANS, "dry_run": "false", "mode": "all_or_nothing"},
            (statement.filename, content(statement, self._today)),
            f"demo/statement/{statement.filename}/{booked}",
        )
        job = await self._job(f"/bank/statements/{started['id']}", statement.filename)
        if job["rejected"]:
            raise Refused(f"{statement.filename}: {job['errors'][:3]}")

    async def _match(self, reference: str) -> None:
        """The line that waits, to the contract that its payer meant."""
        if self._today < MATCHED_ON:
            return

        async def imported() -> dict[str, Any] | None:
            lines = await self._pages("/bank/lines")
            return next((each for each in lines if each["bank_reference"] == reference), None)

        line = await until(imported, "the lines of the statements in the list")
        if line["state"] == "queued":
            body = {
                "contract_number": IN_ARREARS.number,
                "on": MATCHED_ON,
                "source_document": "PISMO/KUCHNIA/1",
            }
            act = Act("match", SIGNER, MATCHED_ON, "/match", body)
            path = f"/bank/lines/{line['id']}"
            await self._enact(path, f"demo/line/{reference}", line["version"], [act])

    async def _change(self, loan: Loan) -> None:
        """In the version in which the payments have left it; what was done before is passed over."""
        if loan.number not in self._loans:
            return
        path = f"/loans/{self._loans[loan.number][0]}"
        card = await self._gateway.read(COORDINATOR, path, at_least=self._position)
        for act in loan.afterwards:
            if not _is_done(act, card):
                await self._enact(path, loan.key, card["version"], [act])


def _is_done(act: Act, card: Mapping[str, Any]) -> bool:
    """Payments come in between, so the version of an earlier playing is not known again."""
    references = {version["reference"] for version in card["versions"]}
    references |= {payment["bank_reference"] for payment in card["payments"]}
    return bool(references & {act.body.get("annex"), act.body.get("bank_reference")})
