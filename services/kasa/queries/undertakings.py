"""Single undertakings with their ceilings, certificates, and the register of aid."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from services.kasa.domain.deminimis import Aid, rooms
from services.kasa.domain.deminimis import Room as DomainRoom
from services.kasa.formats.aid_certificate import aid_certificate_pdf
from services.kasa.queries.reading import Reading, found_in_reach
from shared.contracts.kasa.views import ById
from shared.contracts.kasa.views import undertakings as views
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.kernel.money import Currency, Money
from shared.messaging.wire import fitting
from shared.runtime.paging import Place
from shared.runtime.views import Document

DOCUMENT_LIMIT: Final = 1 << 20
KEPT: Final = timedelta(hours=1)
"""How long a document can be fetched; it can be made again."""


class Undertakings:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._enterprises = reading.views["enterprises"]
        self._undertakings = reading.views["undertakings"]
        self._outside = reading.views["outside_parties"]
        self._aid = reading.views["aid"]

    def get_undertaking(self, request: views.GetUndertaking, act: Act) -> views.Undertaking:
        enterprise = found_in_reach(self._enterprises, request.enterprise_id, act.caller)
        document = self._undertakings.find_one({"parties": enterprise["_id"]})
        if document is None:
            raise Rejected("not_found", {"id": str(request.enterprise_id)})
        day = request.day or self._reading.today()
        aid = [Aid.model_validate(each) for each in document["aid"]]
        numbers = self._numbers(document["parties"])
        return views.Undertaking(
            id=UUID(document["_id"]),
            version=document["version"],
            day=day,
            parties=tuple(
                views.PartyRow(party=UUID(party), nip=numbers.get(party))
                for party in document["parties"]
            ),
            links=document["links"],
            aid=tuple(map(_aid_row, sorted(aid, key=lambda each: each.granted_on))),
            rooms=tuple(self._rooms(day, enterprise["fiscal_year_month"], aid)),
            declared_on=document["declared_on"].get(enterprise["_id"]),
        )

    def get_aid_certificate(self, request: ById, act: Act) -> views.Certificate:
        document = self._aid.find_one({"_id": str(request.id)})
        if document is None:
            raise Rejected("not_found", {"id": str(request.id)})
        enterprise = found_in_reach(self._enterprises, UUID(document["enterprise_id"]), act.caller)
        return _certificate(document, enterprise)

    def render_aid_certificate(self, request: ById, act: Act) -> views.CertificateDocument:
        """Print it, the same bytes every time."""
        certificate = self.get_aid_certificate(request, act)
        wording = self._reading.rules.deminimis.certificate.on(certificate.granted_on)
        filename = f"{certificate.number.replace('/', '-')}.pdf"
        with self._reading.files.create(
            name=filename, content_type="application/pdf", limit=DOCUMENT_LIMIT, lifetime=KEPT
        ) as writer:
            writer.write(aid_certificate_pdf(certificate, wording))
            return views.CertificateDocument(file_id=writer.finish(), filename=filename)

    def list_aid(self, request: views.ListAid, _act: Act) -> views.RegisterPage:
        place = Place.of(request.cursor, request.changed_since)
        days = {"$gte": request.granted_from.isoformat(), "$lte": request.granted_to.isoformat()}
        found = place.find(self._aid, {"granted_on": days}, request.limit)
        shown = found[: request.limit]
        ids = [each["enterprise_id"] for each in shown]
        enterprises = {each["_id"]: each for each in self._enterprises.find({"_id": {"$in": ids}})}
        items = fitting([_certificate(each, enterprises[each["enterprise_id"]]) for each in shown])
        next_cursor, position = place.end(found, len(items))
        return views.RegisterPage(items=tuple(items), next_cursor=next_cursor, position=position)

    def _numbers(self, parties: list[str]) -> Mapping[str, str]:
        return {each["_id"]: each["nip"] for each in self._outside.find({"_id": {"$in": parties}})}

    def _rooms(self, day: date, month: int, aid: list[Aid]) -> Iterator[views.Room]:
        rules = self._reading.rules.deminimis
        for regulation in rules.in_force(day):
            for road in (False, True) if regulation.road_ceiling is not None else (False,):
                found = tuple(rooms(regulation, day, month, aid, rules, road_transport=road))
                yield _room(min(found, key=lambda room: room.left), road_transport=road)


def _room(room: DomainRoom, *, road_transport: bool) -> views.Room:
    return views.Room(
        regulation=room.regulation.number,
        article=room.regulation.article,
        road_transport=road_transport,
        window_from=room.window.first,
        window_to=room.window.last,
        ceiling=_euro(room.ceiling),
        used=_euro(room.used),
        left=_euro(room.left),
    )


def _euro(amount: Decimal | str) -> Money:
    return Money.of(amount, Currency.EUR)


def _aid_row(aid: Aid) -> views.AidRow:
    facts = aid.model_dump(exclude={"original", "amount", "fiscal_year_month"})
    return views.AidRow(amount=_euro(aid.original), left=_euro(aid.amount), **facts)


def _certificate(document: Document, enterprise: Document) -> views.Certificate:
    euros = {name: _euro(document[name]) for name in ("amount", "ceiling", "used_before")}
    recoveries: list[dict[str, Any]] = [
        each | {"amount": _euro(each["amount"])} for each in document["recoveries"]
    ]
    facts = {name: value for name, value in document.items() if name not in {"_id", "position"}} | {
        "number": _number(document),
        "aid_id": document["_id"],
        "code": enterprise["code"],
        "name": enterprise["name"],
        "nip": enterprise["identifiers"]["nip"],
        "recoveries": recoveries,
    }
    return views.Certificate.model_validate(facts | euros)


def _number(document: Document) -> str:
    """By the year and the beginning of the aid's random id."""
    return f"DM/{document['granted_on'][:4]}/{UUID(document['_id']).hex[:10].upper()}"
