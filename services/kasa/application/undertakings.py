"""Commands on single undertakings: links, declarations, de minimis aid."""

from datetime import date
from itertools import groupby
from uuid import UUID

from services.kasa.application import Kasa
from services.kasa.application.enterprises import known_enterprise
from services.kasa.application.linking import home_of, named, undertaking_of
from services.kasa.domain.enterprise import Enterprise
from services.kasa.domain.ids import id_of
from services.kasa.domain.rates import RateTable
from services.kasa.domain.undertaking import Granting, Undertaking
from shared.contracts.kasa.commands import undertakings as commands
from shared.contracts.kasa.vocabulary.enterprises import EnterpriseState
from shared.contracts.kasa.vocabulary.undertakings import (
    AidBasis,
    ExchangeRate,
    Link,
    LinkedThrough,
    RegulationNumber,
)
from shared.contracts.operations import Receipt
from shared.contracts.vocabulary import Reference
from shared.eventstore.acts import Act
from shared.kernel.aggregate import Aggregate
from shared.kernel.errors import Rejected
from shared.kernel.money import Money


def add_link(kasa: Kasa, command: commands.AddLink, act: Act) -> Receipt:
    """Raises `kasa.link_does_not_count` for links through natural persons and public bodies."""
    if command.through is not LinkedThrough.ENTERPRISE:
        raise Rejected(
            "kasa.link_does_not_count",
            {"regulation": "2023/2831", "article": "art. 2(2)"},
            "/through",
        )
    one = known_enterprise(kasa, command.enterprise_id, act)
    undertaking = _seen(home_of(kasa, one.id), act)
    other = named(kasa, command.other, "/other")
    joined: tuple[Aggregate, ...] = ()
    if other.party not in undertaking.parties:
        its, noticed = undertaking_of(kasa, other, command.since, "/other")
        undertaking.take(its, its.parties, command.since)
        joined = (its, *noticed)
    undertaking.add_link(
        Link(
            link_id=act.id_of("link"),
            kind=command.kind,
            one=one.id,
            other=other.party,
            since=command.since,
            reference=command.reference,
        ),
        today=kasa.today(),
    )
    return kasa.commit(act, undertaking, *joined)


def end_link(kasa: Kasa, command: commands.EndLink, act: Act) -> Receipt:
    one = known_enterprise(kasa, command.enterprise_id, act)
    undertaking = _seen(home_of(kasa, one.id), act)
    undertaking.end_link(command.link_id, ended_on=command.ended_on, today=kasa.today())
    homes = undertaking.release_strangers(
        lambda party: kasa.load(Undertaking, id_of("undertaking", party)), command.ended_on
    )
    return kasa.commit(act, undertaking, *homes)


def declare_aid(kasa: Kasa, command: commands.DeclareAid, act: Act) -> Receipt:
    party = named(kasa, command.party, "/party")
    enterprise = None if party.nip is not None else known_enterprise(kasa, party.party, act)
    undertaking, noticed = undertaking_of(kasa, party, command.declared_on, "/party")
    _seen(undertaking, act).declare(
        party.party,
        [(id_of("declared", f"{party.party}/{each.reference}"), each) for each in command.items],
        fiscal_year_month=enterprise.terms.fiscal_year_month if enterprise else 1,
        declared_on=command.declared_on,
        today=kasa.today(),
        rules=kasa.rules.deminimis,
    )
    return kasa.commit(act, undertaking, *noticed)


def grant_aid(kasa: Kasa, command: commands.GrantAid, act: Act) -> Receipt:
    undertaking = granted(
        kasa,
        known_enterprise(kasa, command.enterprise_id, act),
        aid_id=act.id_of("aid"),
        amount=command.amount,
        regulation=command.regulation,
        granted_on=command.granted_on,
        basis=command.basis,
        decision=command.decision,
        road_transport=command.road_transport,
    )
    return kasa.commit(act, undertaking)


def granted(
    kasa: Kasa,
    enterprise: Enterprise,
    *,
    aid_id: UUID,
    amount: Money,
    regulation: RegulationNumber,
    granted_on: date,
    basis: AidBasis,
    decision: Reference,
    convention: str | None = None,
    road_transport: bool = False,
) -> Undertaking:
    """The enterprise's undertaking with the aid granted, to be committed with the decision.

    `amount` is in zlotys; of a loan it is the gross grant equivalent, by `convention`. Refused
    whole as `kasa.de_minimis_ceiling`; also raises `kasa.nip_missing`, `kasa.rate_missing` and what
    `Undertaking.grant` raises.
    """
    if enterprise.identifiers.nip is None:
        raise Rejected("kasa.nip_missing")
    if enterprise.state is EnterpriseState.CLOSED:
        raise Rejected("kasa.enterprise_state", {"state": enterprise.state.value})
    undertaking = home_of(kasa, enterprise.id)
    undertaking.grant(
        Granting(
            aid_id=aid_id,
            party=enterprise.id,
            amount=amount,
            regulation=regulation,
            granted_on=granted_on,
            basis=basis,
            decision=decision,
            convention=convention,
            road_transport=road_transport,
            fiscal_year_month=enterprise.terms.fiscal_year_month,
        ),
        rate_on(kasa, granted_on),
        today=kasa.today(),
        rules=kasa.rules.deminimis,
    )
    return undertaking


def recover_aid(kasa: Kasa, command: commands.RecoverAid, act: Act) -> Receipt:
    enterprise = known_enterprise(kasa, command.enterprise_id, act)
    undertaking = _seen(home_of(kasa, enterprise.id), act)
    undertaking.recover(
        aid_id=command.aid_id,
        amount=command.amount,
        reason=command.reason,
        decision=command.decision,
        recovered_on=command.recovered_on,
        today=kasa.today(),
    )
    return kasa.commit(act, undertaking)


def pass_aid(kasa: Kasa, command: commands.PassAid, act: Act) -> Receipt:
    enterprise = known_enterprise(kasa, command.enterprise_id, act)
    successor = known_enterprise(kasa, command.into, act)
    undertaking = _seen(home_of(kasa, enterprise.id), act)
    together = successor.id in undertaking.parties
    to = undertaking if together else home_of(kasa, successor.id)
    undertaking.pass_aid(
        command.aid_id,
        command.amount,
        to=to,
        party=successor.id,
        passed_id=act.id_of("aid"),
        divided_on=command.divided_on,
        today=kasa.today(),
    )
    return kasa.commit(act, undertaking, *([] if together else [to]))


def announce_rates(kasa: Kasa, command: commands.AnnounceRates, act: Act) -> Receipt:
    named = [(f"/rates/{index}", rate) for index, rate in enumerate(command.rates)]
    tables = []
    for year, rates in groupby(
        sorted(named, key=lambda each: each[1].announced_on), _year_announced
    ):
        table_id = id_of("rates", year)
        table = kasa.find(RateTable, table_id) or RateTable(table_id)
        table.announce(list(rates), today=kasa.today())
        tables.append(table)
    return kasa.commit(act, *tables)


def rate_on(kasa: Kasa, day: date) -> ExchangeRate:
    """The average rate in force on a day: the last announced. Raises `kasa.rate_missing`."""
    days = kasa.rules.deminimis.rate_days.on(day, "/granted_on")
    for year in (day.year, day.year - 1):
        table = kasa.find(RateTable, id_of("rates", year))
        rate = table.in_force(day, days) if table is not None else None
        if rate is not None:
            return rate
    raise Rejected("kasa.rate_missing", {"day": day.isoformat(), "days": days}, "/granted_on")


def _year_announced(named: tuple[str, ExchangeRate]) -> int:
    return named[1].announced_on.year


def _seen(undertaking: Undertaking, act: Act) -> Undertaking:
    """Refused as `stale_version` when the caller decided on another version."""
    if act.expected_version not in (None, undertaking.version):
        raise Rejected("stale_version", {"current": undertaking.version})
    return undertaking
