"""The fund's books: balances by source, the journal, and what it sums to for each contract.

`fund_entries`: one document per entry. `position` is that of the last change, `recorded_position` the
entry's own; `changes` is what each account grew by, in grosze or cents, so that the database can sum
balances as of any day and position.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from bson import Int64
from pymongo import ASCENDING, IndexModel, ReplaceOne, UpdateOne

from services.kasa.domain.accounts import changes
from services.kasa.domain.fund import Fund
from services.kasa.domain.journal import CONTRACT_MONEY, ContractMoney, by_contract
from shared.kernel.money import MINOR_UNIT, Money
from shared.messaging.publication import Recorded
from shared.runtime.paging import BY_CHANGE
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        funds = latest(batch, Fund, load)
        replace(writer, "sources", (_source(*each) for each in funds))
        posted = [each for each in batch if isinstance(each.event, Fund.Posted)]
        if posted:
            sources = {fund.id: fund.terms.source for fund, _ in funds}
            causes = {_place(each): each.position for each in batch}
            writer["fund_entries"].bulk_write(list(_entries(posted, sources, causes)))
            replace(writer, "contract_books", _contracts(posted, writer))

    return Part(
        {
            "sources": [],
            "fund_entries": [
                BY_CHANGE,
                IndexModel([("contracts", ASCENDING), ("position", ASCENDING)]),
                IndexModel([("source_id", ASCENDING), ("on", ASCENDING)]),
            ],
            "contract_books": [],
        },
        project,
    )


def figures_of(money: ContractMoney) -> Document:
    """The money of a contract, as every contract's document has it under `money`."""
    figures: Document = CONTRACT_MONEY.dump_python(money, mode="json")
    return figures


def _source(fund: Fund, last: Recorded) -> Document:
    return {
        "_id": str(fund.id),
        "position": last.position,
        "version": fund.version,
        "source": fund.terms.source,
        "name": fund.terms.name,
        "currency": fund.currency.value,
        "opened_on": fund.terms.occurred_on.isoformat(),
        "balances": {account.value: str(each.amount) for account, each in fund.balances.items()},
        "withdrawals": [
            {
                "id": str(each.withdrawal_id),
                "amount": _money(each.amount),
                "requested_on": each.occurred_on.isoformat(),
                "requested_by": each.requested_by,
                "source_document": each.source_document,
            }
            for each in fund.withdrawals.values()
        ],
    }


def _entries(
    posted: Sequence[Recorded],
    sources: Mapping[UUID, str],
    causes: Mapping[tuple[UUID, int], int],
) -> Iterator[ReplaceOne[Document] | UpdateOne]:
    """A reversed entry changes too. The cause of an entry is in the same commit."""
    for each in posted:
        entry = each.event.entry
        document = {
            "_id": str(entry.id),
            "position": each.position,
            "recorded_position": each.position,
            "recorded_at": each.at.isoformat(),
            "source_id": str(each.event.originator_id),
            "source": sources[each.event.originator_id],
            "on": each.event.occurred_on.isoformat(),
            "kind": entry.kind.value,
            "cause": entry.cause.model_dump(mode="json")
            | {"position": causes[entry.cause.stream, entry.cause.version]},
            "transfers": [transfer.model_dump(mode="json") for transfer in entry.transfers],
            "contracts": sorted({str(t.contract_id) for t in entry.transfers if t.contract_id}),
            "changes": {
                account.value: Int64(change.amount / MINOR_UNIT)
                for account, change in changes(entry.transfers).items()
            },
            "source_document": each.event.source_document,
            "reverses": entry.reverses and str(entry.reverses),
            "reversed_by": None,
        }
        yield ReplaceOne({"_id": document["_id"]}, document, upsert=True)
        if entry.reverses is not None:
            reversal = {"reversed_by": document["_id"], "position": each.position}
            yield UpdateOne({"_id": str(entry.reverses)}, {"$set": reversal})


def _contracts(posted: Sequence[Recorded], writer: Writer) -> Iterator[Document]:
    """What was booked of each contract before, and the entries of the batch."""
    entries: dict[UUID, list[Recorded]] = defaultdict(list)
    for each in posted:
        for contract in {t.contract_id for t in each.event.entry.transfers if t.contract_id}:
            entries[contract].append(each)
    known = writer["contract_books"].find({"_id": {"$in": sorted(map(str, entries))}})
    before = {UUID(each["_id"]): CONTRACT_MONEY.validate_python(each["money"]) for each in known}
    more = by_contract(each.event.entry for each in posted)
    for contract, about in entries.items():
        money = before[contract] + more[contract] if contract in before else more[contract]
        yield {
            "_id": str(contract),
            "position": about[-1].position,
            "money": figures_of(money),
        }


def _place(recorded: Recorded) -> tuple[UUID, int]:
    return recorded.event.originator_id, recorded.event.originator_version


def _money(amount: Money) -> Document:
    return amount.model_dump(mode="json")
