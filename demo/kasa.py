"""The fund played through the gateway: money, clients, advice, calls, decisions, contracts.

What is not yet to be on the day of playing is left out, with all that rests on it.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from demo import advice, applications, committee, grants
from demo.acts import Act, zlotys
from demo.advice import CASES, Advice
from demo.applications import APPLICATIONS, CHECKER, Application
from demo.calls import CALLS, GRANT_CALL, LOAN_CALL, RATES, REGULATION, SOURCES, Call, Source
from demo.committee import MEETINGS, Case, Meeting
from demo.enacting import Enacting
from demo.enterprises import (
    EMPLOYED,
    ESTABLISHED,
    FOUNDERS,
    WIKLINA,
    Enterprise,
    desk,
    founding,
    taken_up,
)
from demo.gateway import Gateway, Refused
from demo.grants import GRANT_CONTRACTS, SIGNED_ON, SIGNER, Grant
from demo.lending import Lending
from demo.player import COORDINATOR, Played, Progress

OVER_CEILING = "kasa.de_minimis_ceiling"


class Kasa(Enacting):
    """`founders` are the platform's ids of those who found the cooperative."""

    def __init__(
        self,
        gateway: Gateway,
        today: date,
        progress: Progress,
        played: Played,
        founders: Sequence[str],
    ) -> None:
        super().__init__(gateway, today, progress, played)
        self._founders = founders
        self._enterprises: dict[str, str] = {}
        """Ids by code."""
        self._applications: dict[str, tuple[str, int]] = {}
        """Ids and versions by key."""

    async def play(self) -> None:
        await self._each("fund: sources of money", SOURCES, self._open)
        await self._each("fund: enterprises", ESTABLISHED, self._take_up)
        if len(self._founders) == FOUNDERS:
            await self._each("fund: a cooperative is founded", [WIKLINA], self._found)
        await self._each("fund: advice", CASES, self._advise)
        await self._announce_rates()
        await self._each("fund: calls", CALLS, self._call)
        await self._each("fund: applications and formal checks", APPLICATIONS, self._apply)
        await self._each("fund: calls closed", CALLS, self._close)
        await self._each("fund: reviews", APPLICATIONS, self._review)
        for meeting in MEETINGS:
            await self._each(f"fund: the committee of {meeting.on}", [meeting], self._meet)
        await self._each("fund: grants", GRANT_CONTRACTS, self._grant)
        await self._lend()
        await self._look()

    async def _open(self, source: Source) -> None:
        key = f"demo/source/{source.code}"
        body = {"source": source.code, "name": source.name, "opened_on": source.opened_on}
        opened = await self._create(COORDINATOR, source.opened_on, "/fund/sources", body, key)
        if opened is None:
            return
        path = f"/fund/sources/{opened['id']}"
        for on, amount, document in source.contributions:
            paid_in = {"amount": zlotys(amount), "on": on, "source_document": document}
            await self._create(CHECKER, on, f"{path}/contributions", paid_in, f"{key}/{document}")
        if source.withdrawn:
            await self._withdraw(path, *source.withdrawn, key)

    async def _withdraw(self, path: str, on: date, amount: str, document: str, key: str) -> None:
        """Asked for by one person, approved by another, unless that was done."""
        asked = {"amount": zlotys(amount), "on": on, "source_document": document}
        await self._create(CHECKER, on, f"{path}/withdrawals", asked, f"{key}/withdraw")
        source = await self._gateway.read(COORDINATOR, path, at_least=self._position)
        for waiting in source["withdrawals"]:
            end = f"/withdrawals/{waiting['id']}/approval"
            await self._create(COORDINATOR, on, path + end, {"on": on}, f"{key}/approve")

    async def _take_up(self, enterprise: Enterprise) -> None:
        await self._register(enterprise, taken_up(enterprise))

    async def _found(self, enterprise: Enterprise) -> None:
        await self._register(enterprise, founding(self._founders))

    async def _register(self, enterprise: Enterprise, acts: Iterable[Act]) -> None:
        by, on, key = desk(enterprise), enterprise.known_on, f"demo/{enterprise.code}"
        known = await self._create(by, on, "/enterprises", enterprise.registration, key)
        if known is not None:
            self._enterprises[enterprise.code] = known["id"]
            await self._enact(f"/enterprises/{known['id']}", key, known["version"], acts)

    async def _advise(self, case: Advice) -> None:
        enterprise = self._enterprises.get(case.enterprise.code)
        if enterprise is None:
            return
        body = {"enterprise_id": enterprise, "opened_on": case.opened_on}
        by, on = desk(case.enterprise), case.opened_on
        opened = await self._create(by, on, "/advice/cases", body, case.key)
        if opened is not None:
            path = f"/advice/cases/{opened['id']}"
            await self._enact(path, case.key, opened["version"], advice.acts(case))

    async def _announce_rates(self) -> None:
        for on, table, rate in RATES:
            body = {"rates": [{"announced_on": on, "table": table, "rate": rate}]}
            with self._counted():
                await self._create(CHECKER, on, "/exchange-rates", body, f"demo/rate/{on}")

    async def _call(self, call: Call) -> None:
        body = {"terms": call.terms, "opened_on": call.first_day}
        await self._create(COORDINATOR, call.first_day, "/calls", body, f"demo/call/{call.code}")

    async def _close(self, call: Call) -> None:
        """The call in the version that its opening left it in."""
        for listed in await self._pages("/calls"):
            if listed["terms"]["code"] == call.code and listed["closed_on"] is None:
                body = {"closed_on": call.closed_on}
                act = Act("close", COORDINATOR, call.closed_on, "/closing", body)
                key = f"demo/call/{call.code}"
                await self._enact(f"/calls/{listed['id']}", key, listed["version"], [act])

    async def _apply(self, application: Application) -> None:
        enterprise = self._enterprises.get(application.enterprise.code)
        if enterprise is None:
            return
        await self._declare(application, enterprise)
        by, on, key = desk(application.enterprise), application.drafted_on, application.key
        body = application.draft | {"enterprise_id": enterprise}
        drafted = await self._create(by, on, "/applications", body, key)
        if drafted is not None:
            acts = [*applications.before_review(application)]
            if application.enterprise is WIKLINA:
                acts.append(self._certificate(application))
            version = await self._enact(
                f"/applications/{drafted['id']}", key, drafted["version"], acts
            )
            self._applications[key] = drafted["id"], version

    async def _declare(self, application: Application, enterprise: str) -> None:
        """The aid that the applicant had from others; of most of them there was none."""
        items = [
            {
                "granted_on": day,
                "amount": {"amount": euros, "currency": "EUR"},
                "granted_by": granted_by,
                "regulation": REGULATION,
                "reference": reference,
            }
            for day, euros, granted_by, reference in application.declared
        ]
        on = application.drafted_on
        body = {"party": {"enterprise_id": enterprise}, "items": items, "declared_on": on}
        key = f"{application.key}/declaration"
        await self._create(CHECKER, on, "/aid/declarations", body, key)

    def _certificate(self, application: Application) -> Act:
        """That of the first founder."""
        holder = self._founders[0]
        certificate = next(
            each["id"] for each in self._played.certificates if each["participant_id"] == holder
        )
        return applications.counting(application, holder, certificate)

    async def _review(self, application: Application) -> None:
        if application.key in self._applications:
            identity, version = self._applications[application.key]
            acts = applications.review(application)
            await self._enact(f"/applications/{identity}", application.key, version, acts)

    async def _meet(self, meeting: Meeting) -> None:
        body, key = meeting.convened, meeting.key
        convened = await self._create(COORDINATOR, meeting.on, "/meetings", body, key)
        if convened is None:
            return
        version = convened["version"]
        for case in meeting.cases:
            known = self._applications.get(
                f"demo/application/{meeting.call.code}/{case.enterprise}"
            )
            if known is not None:
                path = f"/meetings/{convened['id']}/cases/{known[0]}"
                version = await self._decide(path, meeting, case, version)

    async def _decide(self, path: str, meeting: Meeting, case: Case, version: int) -> int:
        acts = [*committee.opening(meeting, case), *committee.votes(meeting, case)]
        version = await self._enact(path, meeting.key, version, acts)
        resolution = committee.resolution(meeting, case)
        if not case.over_ceiling:
            return await self._enact(path, meeting.key, version, [resolution])
        try:
            await self._enact(path, meeting.key, version, [resolution])
        except Refused as refused:
            if refused.code not in {OVER_CEILING, "kasa.resolved_already", "stale_version"}:
                raise
        else:
            raise Refused(f"{case.enterprise} was supported over the de minimis ceiling")
        return version

    async def _grant(self, grant: Grant) -> None:
        application = self._applications.get(
            f"demo/application/{GRANT_CALL.code}/{grant.enterprise.code}"
        )
        if application is None:
            return
        enterprise = self._enterprises[grant.enterprise.code]
        parties = {"enterprise_id": enterprise, "application_id": application[0]}
        body = {"terms": grant.terms | parties, "signed_on": SIGNED_ON}
        signed = await self._create(SIGNER, SIGNED_ON, "/grants", body, grant.key)
        if signed is not None:
            acts = grants.acts(grant, await self._places(grant.enterprise))
            await self._enact(f"/grants/{signed['id']}", grant.key, signed["version"], acts)

    async def _places(self, enterprise: Enterprise) -> list[str]:
        """The job places of those whom the cooperative employs; other grants have none yet."""
        if enterprise is not WIKLINA:
            return []
        path = f"/enterprises/{self._enterprises[enterprise.code]}"
        found = await self._gateway.read(COORDINATOR, path, at_least=self._position)
        return [place["place_id"] for place in found["places"]][:EMPLOYED]

    async def _lend(self) -> None:
        """The loans that the committee decided on."""
        parties = {
            each.enterprise.code: (
                self._enterprises[each.enterprise.code],
                self._applications[each.key][0],
            )
            for each in APPLICATIONS
            if each.call is LOAN_CALL and each.key in self._applications
        }
        loans = Lending(self._gateway, self._today, self._progress, self._played, parties)
        await loans.play()
        self._position = max(self._position, loans.position)

    async def _look(self) -> None:
        """What the platform says of the fund in the end."""
        self._progress.stage("fund: the books")
        read, position = self._gateway.read, self._position
        fund = await read(COORDINATOR, "/fund", at_least=position)
        self._played.fund = {
            "sources": fund["sources"],
            "reconciliation": await read(COORDINATOR, "/fund/reconciliation", at_least=position),
            "enterprises": await self._pages("/enterprises"),
            "applications": await self._pages("/applications"),
            "grants": await self._pages("/grants"),
            "loans": await self._pages("/loans"),
        }
