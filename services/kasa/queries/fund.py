"""The fund's books: balances now and as of then, the journal, its reconciliation."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from pymongo.client_session import ClientSession

from services.kasa.domain.journal import CONTRACT_MONEY, ContractMoney, compare
from services.kasa.queries.reading import Reading
from shared.contracts.kasa.views import ById
from shared.contracts.kasa.views import fund as views
from shared.contracts.kasa.vocabulary.fund import Account
from shared.contracts.operations import NoRequest
from shared.eventstore.acts import Act
from shared.kernel.money import MINOR_UNIT, Currency, Money
from shared.messaging.wire import fitting
from shared.runtime.documents import existing, facts_for
from shared.runtime.paging import Place
from shared.runtime.views import PROJECTIONS, Document

CONTRACTS: Final = ("grants", "loans")
"""The read models of contracts; each of their documents tells its `money`."""


class Fund:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._client = reading.views.client
        self._sources = reading.views["sources"]
        self._entries = reading.views["fund_entries"]
        self._books = reading.views["contract_books"]

    def get_fund(self, _request: NoRequest, _act: Act) -> views.FundBalances:
        with self._client.start_session(snapshot=True) as session:
            found = self._sources.find(session=session).sort("source")
            sources = [views.SourceBalances.model_validate(_balances(each)) for each in found]
            position = self._position(session)
        return views.FundBalances(sources=tuple(fitting(sources)), position=position)

    def get_source(self, request: ById, _act: Act) -> views.Source:
        document = existing(self._sources, request.id)
        waiting = [
            {name: each[name] for name in views.Withdrawal.model_fields}
            for each in document["withdrawals"]
        ]
        return views.Source.model_validate(_balances(document) | {"withdrawals": waiting})

    def get_balances(self, request: views.GetBalances, _act: Act) -> views.BalancesAsOf:
        source = existing(self._sources, request.source_id)
        on = request.on or self._reading.today()
        with self._client.start_session(snapshot=True) as session:
            position = self._position(session)
            if request.known is not None:
                position = min(position, request.known)
            then: Document = {
                "source_id": source["_id"],
                "on": {"$lte": on.isoformat()},
                "recorded_position": {"$lte": position},
            }
            sums = self._sums(then, session).get(source["_id"], {})
        currency = Currency(source["currency"])
        return views.BalancesAsOf(
            id=source["_id"],
            source=source["source"],
            on=on,
            position=position,
            entries=sums.get("entries", 0),
            **_told({each: _money(sums.get(each.value, 0), currency) for each in Account}),
        )

    def list_entries(self, request: views.ListEntries, _act: Act) -> views.EntryPage:
        place = Place.of(request.cursor, request.changed_since)
        asked = request.model_dump(mode="json", include={"source"}, exclude_none=True)
        if request.contract_id is not None:
            asked["contracts"] = str(request.contract_id)
        found = place.find(self._entries, asked, request.limit)
        items = fitting([_entry(each) for each in found[: request.limit]])
        next_cursor, position = place.end(found, len(items))
        return views.EntryPage(items=tuple(items), next_cursor=next_cursor, position=position)

    def reconcile_fund(self, _request: NoRequest, _act: Act) -> views.Reconciliation:
        with self._client.start_session(snapshot=True) as session:
            position = self._position(session)
            sources = list(self._sources.find(session=session).sort("source"))
            sums = self._sums({}, session)
            journal = _moneys(self._books.find({}, {"money": 1}, session=session))
            contracts: dict[UUID, ContractMoney] = {}
            for name in CONTRACTS:
                documents = self._reading.views[name].find({}, {"money": 1}, session=session)
                contracts |= _moneys(documents)
        found = compare(journal, contracts)
        told = [views.Disagreement.model_validate(vars(each)) for each in found]
        return views.Reconciliation(
            position=position,
            entries=sum(each["entries"] for each in sums.values()),
            contracts=len(contracts),
            found=len(found),
            disagreements=tuple(fitting(told)),
            accounts=tuple(
                disagreement
                for source in sources
                for disagreement in _disagreements(source, sums.get(source["_id"], {}))
            ),
        )

    def _position(self, session: ClientSession) -> int:
        """That of all read models: they are one projection."""
        projection = self._reading.views[PROJECTIONS].find_one({"live": True}, session=session)
        return 0 if projection is None else int(projection["n"])

    def _sums(self, condition: Document, session: ClientSession) -> dict[str, Document]:
        """By source: the number of entries, and what each account grew by, in minor units."""
        accounts = {each.value: {"$sum": f"$changes.{each.value}"} for each in Account}
        group = {"_id": "$source_id", "entries": {"$sum": 1}, **accounts}
        stages = [{"$match": condition}, {"$group": group}]
        return {each["_id"]: each for each in self._entries.aggregate(stages, session=session)}


def _moneys(documents: Any) -> dict[UUID, ContractMoney]:
    return {UUID(each["_id"]): CONTRACT_MONEY.validate_python(each["money"]) for each in documents}


def _money(minor: int, currency: Currency) -> Money:
    return Money(amount=minor * MINOR_UNIT, currency=currency)


def _balances(document: Document) -> Document:
    currency = Currency(document["currency"])
    balances = {
        account: Money(amount=document["balances"][account.value], currency=currency)
        for account in Account
    }
    return facts_for(document, views.SourceBalances) | _told(balances)


def _told(balances: Mapping[Account, Money]) -> Document:
    free, committed, held, out, repaid, written_off = (
        balances[each]
        for each in (
            Account.FREE,
            Account.COMMITTED,
            Account.HELD,
            Account.DISBURSED,
            Account.REPAID,
            Account.WRITTEN_OFF,
        )
    )
    return {
        "balances": tuple(
            views.Balance(account=account, balance=each) for account, each in balances.items()
        ),
        "outstanding": out - repaid - written_off,
        "in_bank": free + committed + held,
    }


def _disagreements(source: Document, sums: Document) -> list[views.AccountDisagreement]:
    currency = Currency(source["currency"])
    found = [
        views.AccountDisagreement(
            source=source["source"],
            account=account,
            journal=_money(sums.get(account.value, 0), currency),
            books=Money(amount=source["balances"][account.value], currency=currency),
        )
        for account in Account
    ]
    return [each for each in found if each.journal != each.books]


def _entry(document: Document) -> views.Entry:
    place = {"position": document["recorded_position"]}
    return views.Entry.model_validate(facts_for(document, views.Entry) | place)
