"""De minimis aid through commands, projections and queries."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from shared.contracts.kasa.commands.undertakings import (
    DeclareAid,
    EndLink,
    PassAid,
    RecoverAid,
)
from shared.contracts.kasa.views import undertakings as views
from shared.contracts.kasa.vocabulary.undertakings import (
    LinkedThrough,
    LinkKind,
    Party,
    RecoveryReason,
)
from shared.kernel.errors import Rejected
from shared.kernel.money import Currency, Money
from tests.kasa.clients import (
    FRIDAY,
    NIPS,
    TODAY,
    announce,
    by_id,
    declare,
    declared,
    granting,
    linking,
    register,
)
from tests.kasa.conftest import Kasa

LAST_YEAR = date(2025, 5, 5)


@pytest.fixture
def clients(kasa: Kasa) -> list[UUID]:
    """Three enterprises that declared that they had no aid; the euro is at 4 zlotys."""
    found = [register(kasa, number, NIPS[number]) for number in range(3)]
    announce(kasa)
    for each in found:
        declare(kasa, each)
    return found


def refused(kasa: Kasa, command: object) -> Rejected:
    with pytest.raises(Rejected) as refusal:
        kasa.do(command)
    return refusal.value


def euros(amount: str) -> Money:
    return Money.of(amount, Currency.EUR)


def shown(kasa: Kasa, enterprise: UUID, day: date | None = None) -> views.Undertaking:
    asked = views.GetUndertaking(enterprise_id=enterprise, day=day)
    found: views.Undertaking = kasa.ask("get_undertaking", asked)
    return found


def used(kasa: Kasa, enterprise: UUID, number: str = "2023/2831") -> Decimal:
    rooms = shown(kasa, enterprise).rooms
    return next(each.used.amount for each in rooms if each.regulation == number)


def test_a_grant_is_converted_at_the_rate_of_its_day_and_certified(
    kasa: Kasa, clients: list[UUID]
) -> None:
    declare(kasa, clients[0], declared("1000.00", LAST_YEAR))
    kasa.do(granting(clients[0], "100000.01"))
    register_page = kasa.ask("list_aid", views.ListAid(granted_from=TODAY, granted_to=TODAY))
    (row,) = register_page.items
    assert row == kasa.ask("get_aid_certificate", by_id(row.aid_id))
    assert (row.nip, row.amount_pln, row.amount) == (
        NIPS[0],
        Money.of("100000.01"),
        euros("25000.00"),
    )
    assert (row.rate, row.rate_on, row.rate_table) == (Decimal(4), FRIDAY, "58/A/NBP/2026")
    assert (row.regulation, row.article, row.used_before, row.ceiling) == (
        "2023/2831",
        "art. 3(2)",
        euros("1000.00"),
        euros("300000.00"),
    )
    assert (row.window_from, row.window_to) == (date(2023, 3, 2), TODAY)
    assert used(kasa, clients[0]) == 26000
    earlier = views.ListAid(granted_from=LAST_YEAR, granted_to=FRIDAY)
    assert kasa.ask("list_aid", earlier).items == ()


def test_over_the_ceiling_the_whole_grant_is_refused(kasa: Kasa, clients: list[UUID]) -> None:
    declare(kasa, clients[0], declared("299999.99", LAST_YEAR))
    refusal = refused(kasa, granting(clients[0], "0.08"))
    assert refusal.code == "kasa.de_minimis_ceiling"
    assert refusal.details == {
        "regulation": "2023/2831",
        "article": "art. 3(2)",
        "window_from": "2023-03-02",
        "window_to": "2026-03-02",
        "used": "299999.99",
        "requested": "0.02",
        "ceiling": "300000.00",
        "currency": "EUR",
    }
    kasa.do(granting(clients[0], "0.04"))
    assert used(kasa, clients[0]) == 300000


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"amount": Money.of("10.00", Currency.EUR)}, "currency_mismatch"),
        ({"amount": Money.of("0.00")}, "kasa.amount_too_small"),
        ({"amount": Money.of("-1.00")}, "kasa.amount_too_small"),
        ({"regulation": "1407/2013"}, "kasa.regulation_not_in_force"),
        ({"regulation": "651/2014"}, "kasa.regulation_not_in_force"),
        ({"on": date(2026, 3, 3)}, "date_in_future"),
        ({"on": date(2026, 2, 26)}, "kasa.rate_missing"),
    ],
)
def test_what_is_not_granted(
    kasa: Kasa, clients: list[UUID], facts: dict[str, object], code: str
) -> None:
    declare(kasa, clients[0], on=date(2026, 2, 26))
    if facts.get("on") == date(2026, 3, 3):
        announce(kasa, TODAY)
    assert refused(kasa, granting(clients[0], "4.00", **facts)).code == code  # type: ignore[arg-type]


def test_a_grant_needs_a_tax_number_and_a_current_declaration(
    kasa: Kasa, clients: list[UUID]
) -> None:
    assert refused(kasa, granting(register(kasa, 8), "4.00")).code == "kasa.nip_missing"
    late = register(kasa, 9, NIPS[3])
    assert refused(kasa, granting(late, "4.00")).code == "kasa.declaration_missing"
    declare(kasa, late, on=date(2025, 12, 1))
    assert refused(kasa, granting(late, "4.00")).details == {
        "days": 90,
        "declared_on": "2025-12-01",
    }
    declare(kasa, late, on=date(2025, 12, 2))
    declare(kasa, late, on=date(2025, 11, 3))
    kasa.do(granting(late, "4.00"))
    certified = kasa.ask("list_aid", views.ListAid(granted_from=TODAY, granted_to=TODAY)).items
    assert [each.declared_on for each in certified] == [date(2025, 12, 2)]


def test_linked_enterprises_share_one_ceiling_until_they_part(
    kasa: Kasa, clients: list[UUID]
) -> None:
    one, two, three = clients
    kasa.do(granting(one, "800000.00"))
    kasa.do(granting(two, "300000.00"))
    kasa.do(linking(one, Party(nip=NIPS[4])))
    kasa.do(linking(three, Party(nip=NIPS[4]), LinkKind.DOMINANT_INFLUENCE))
    kasa.do(linking(three, Party(nip=NIPS[1])))
    assert {each.nip for each in shown(kasa, two).parties} == {None, NIPS[4]}
    assert used(kasa, three) == 275000
    refusal = refused(kasa, granting(three, "100000.04"))
    assert (refusal.code, refusal.details["used"]) == ("kasa.de_minimis_ceiling", "275000.00")
    chain = next(each for each in shown(kasa, one).links if each.one == one)
    kasa.do(EndLink(enterprise_id=one, link_id=chain.link_id, ended_on=TODAY))
    assert [used(kasa, each) for each in clients] == [200000, 75000, 75000]
    assert shown(kasa, two).id == shown(kasa, three).id != shown(kasa, one).id
    kasa.do(granting(three, "100000.04"))


def test_a_merger_sums_both_histories_for_good(kasa: Kasa, clients: list[UUID]) -> None:
    one, two, _ = clients
    kasa.do(granting(one, "800000.00"))
    kasa.do(granting(two, "800000.00"))
    kasa.do(linking(one, Party(enterprise_id=two), LinkKind.MERGER))
    assert used(kasa, two) == 400000
    assert refused(kasa, granting(two, "0.04")).details["used"] == "400000.00"
    (merger,) = shown(kasa, one).links
    ending = EndLink(enterprise_id=two, link_id=merger.link_id, ended_on=TODAY)
    assert refused(kasa, ending).code == "kasa.merger_is_final"


def test_an_outside_party_that_becomes_a_client_brings_its_history(
    kasa: Kasa, clients: list[UUID]
) -> None:
    one, outside = clients[0], Party(nip=NIPS[4])
    kasa.do(linking(one, outside))
    kasa.do(DeclareAid(party=outside, items=(declared("1234.56", LAST_YEAR),), declared_on=TODAY))
    assert used(kasa, one) == Decimal("1234.56")
    newcomer = register(kasa, 7, NIPS[4])
    assert shown(kasa, newcomer).id == shown(kasa, one).id
    assert used(kasa, newcomer) == Decimal("1234.56")


@pytest.mark.parametrize("through", [LinkedThrough.NATURAL_PERSON, LinkedThrough.PUBLIC_BODY])
def test_links_through_people_and_public_bodies_do_not_count(
    kasa: Kasa, clients: list[UUID], through: LinkedThrough
) -> None:
    link = linking(clients[0], Party(enterprise_id=clients[1]))
    refusal = refused(kasa, link.model_copy(update={"through": through}))
    assert refusal.code == "kasa.link_does_not_count"


def test_recovered_aid_counts_no_more_and_the_certificate_says_so(
    kasa: Kasa, clients: list[UUID]
) -> None:
    one = clients[0]
    kasa.do(granting(one, "1200000.00"))
    (aid,) = shown(kasa, one).aid
    recovery = RecoverAid(
        enterprise_id=one,
        aid_id=aid.aid_id,
        amount=euros("100000.00"),
        reason=RecoveryReason.RECOVERED,
        decision="ZW/1/2026",
        recovered_on=TODAY,
    )
    kasa.do(recovery)
    assert used(kasa, one) == 200000
    certificate = kasa.ask("get_aid_certificate", by_id(aid.aid_id))
    assert certificate.amount == euros("300000.00")
    assert [each.amount for each in certificate.recoveries] == [euros("100000.00")]
    more = recovery.model_copy(update={"amount": euros("200000.01")})
    assert refused(kasa, more).details == {"left": "200000.00", "currency": "EUR"}
    kasa.do(granting(one, "400000.00"))


def test_the_certificate_is_printed_and_is_the_same_document_each_time(
    kasa: Kasa, clients: list[UUID]
) -> None:
    one, *_ = clients
    kasa.do(granting(one, "1200000.00"))
    (aid,) = shown(kasa, one).aid
    printed = [kasa.ask("render_aid_certificate", by_id(aid.aid_id)) for _ in range(2)]
    store = kasa.composition.imports.files.store
    first, again = (b"".join(store.open(each.file_id).chunks()) for each in printed)
    assert first == again
    assert first.startswith(b"%PDF")
    number = kasa.ask("get_aid_certificate", by_id(aid.aid_id)).number
    assert printed[0].filename == f"{number.replace('/', '-')}.pdf"


def test_after_a_division_aid_follows_who_uses_it(kasa: Kasa, clients: list[UUID]) -> None:
    one, two, _ = clients
    kasa.do(granting(one, "1000000.00"))
    (aid,) = shown(kasa, one).aid
    kasa.do(
        PassAid(
            enterprise_id=one,
            aid_id=aid.aid_id,
            amount=euros("100000.00"),
            into=two,
            divided_on=TODAY,
        )
    )
    assert [used(kasa, each) for each in (one, two)] == [150000, 100000]


def test_the_same_certificate_counts_once_and_not_with_other_facts(
    kasa: Kasa, clients: list[UUID]
) -> None:
    one = clients[0]
    for _ in range(2):
        declare(kasa, one, declared("5000.00", LAST_YEAR))
    assert used(kasa, one) == 5000
    with pytest.raises(Rejected, match="aid_differs"):
        declare(kasa, one, declared("5000.01", LAST_YEAR))


def test_a_day_has_one_rate(kasa: Kasa, clients: list[UUID]) -> None:
    with pytest.raises(Rejected, match="nothing_changed"):
        announce(kasa)
    with pytest.raises(Rejected, match="rate_differs"):
        announce(kasa, rate=Decimal("4.0001"))


def test_on_new_year_the_last_rate_of_the_old_year_is_in_force(kasa: Kasa) -> None:
    client = register(kasa, 1, NIPS[0])
    announce(kasa, date(2025, 12, 31), Decimal("4.2500"))
    declare(kasa, client, on=date(2026, 1, 2))
    kasa.do(granting(client, "42.50", on=date(2026, 1, 2)))
    assert used(kasa, client) == 10


def test_ceilings_are_shown_as_of_a_day(kasa: Kasa, clients: list[UUID]) -> None:
    declare(kasa, clients[0], declared("7000.00", date(2024, 2, 29)))
    rooms = shown(kasa, clients[0], date(2024, 3, 1)).rooms
    assert {(each.regulation, each.road_transport): each.left.amount for each in rooms} == {
        ("1407/2013", False): 193000,
        ("1407/2013", True): 100000,
        ("2023/2831", False): 293000,
        ("360/2012", False): 493000,
        ("2023/2832", False): 743000,
    }
    assert used(kasa, clients[0]) == 7000
    assert shown(kasa, clients[0], date(2027, 3, 1)).rooms[0].used.amount == 0
