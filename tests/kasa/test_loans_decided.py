"""A loan that a committee decided on: the contract is exactly the decision, once, with its aid."""

from datetime import date
from uuid import UUID

from services.kasa.domain.fund import Fund
from services.kasa.domain.ids import id_of
from shared.contracts.kasa import events as public
from shared.contracts.kasa.commands import calls as commands
from shared.contracts.kasa.vocabulary.calls import FormalResult, Offer, Points
from shared.kernel.money import Money
from tests.kasa.borrowing import borrower, card, signing
from tests.kasa.clients import TODAY, by_id
from tests.kasa.conftest import Kasa
from tests.kasa.deciding import (
    CHAIR,
    MEMBERS,
    OFFICER,
    REVIEWERS,
    SOURCE,
    assign,
    convene,
    declare_interest,
    draft,
    open_call,
    proposing,
    resolving,
    submit,
    voting,
)
from tests.kasa.test_grants import refused, told
from tests.kasa.test_races import GRANTED, race

CALL = "POZ/NABOR/1"
POINTS = {"ZDOLNOSC": 35, "RYNEK": 25, "SPOLECZNY": 15}


def decided(kasa: Kasa, enterprise: UUID, amount: str = "12000") -> UUID:
    """An application for a start-up loan that the committee supports."""
    open_call(
        kasa,
        code=CALL,
        offer=Offer.LOAN,
        products=("start",),
        title_pl="Pożyczki",
        title_en="Loans",
    )
    application = draft(kasa, enterprise, amount, call=CALL, product="start")
    submit(kasa, application)
    met = tuple(FormalResult(code=code, met=True) for code in ("KOMPLETNY", "UPRAWNIONY"))
    check = commands.CheckApplication(application_id=application, results=met, checked_on=TODAY)
    kasa.command(check, OFFICER)
    points = tuple(
        Points(criterion=code, points=given, justification="Zasadne")
        for code, given in POINTS.items()
    )
    for reviewer in REVIEWERS:
        assign(kasa, application, reviewer)
        declare_interest(kasa, application, reviewer)
        review = commands.ReviewApplication(
            application_id=application, points=points, scored_on=TODAY
        )
        kasa.command(review, reviewer)
    meeting = convene(kasa, call=CALL)
    kasa.command(proposing(meeting, application, amount), OFFICER)
    for member in MEMBERS:
        kasa.command(voting(meeting, application), member)
    kasa.do(resolving(meeting, application), CHAIR)
    return application


def test_a_contract_signs_what_was_decided_and_its_aid_is_granted_with_it(kasa: Kasa) -> None:
    enterprise = borrower(kasa)
    application = decided(kasa, enterprise)
    assert public.DeMinimisGranted.TYPE not in told(kasa), "the equivalent is not known before"
    contract = signing(enterprise, application_id=application)
    for changes in ({"principal": Money.of("11999.99")}, {"product": "development"}):
        differs = refused(kasa, contract.model_copy(update=changes))
        assert differs.code == "kasa.contract_differs"
    assert told(kasa).count(public.ContractSigned.TYPE) == 0
    kasa.do(contract, OFFICER)
    assert card(kasa).application_id == application
    assert kasa.ask("get_application", by_id(application)).contract == contract.number
    assert public.DeMinimisGranted.TYPE in told(kasa)
    again = contract.model_copy(update={"number": "POZ/2026/0002", "creates_jobs": True})
    assert refused(kasa, again).code == "kasa.application_contracted"


def test_of_many_contracts_on_one_decision_at_once_one_is_signed(kasa: Kasa) -> None:
    enterprise = borrower(kasa)
    application = decided(kasa, enterprise)
    contracts = [
        signing(
            enterprise,
            number=f"POZ/2026/{number}",
            application_id=application,
            creates_jobs=True,
            signed_on=date(2026, 3, 2),
        )
        for number in range(1, 6)
    ]
    ended = race([lambda each=each: kasa.command(each, OFFICER) for each in contracts])  # type: ignore[misc]
    assert ended == {GRANTED: 1, "kasa.application_contracted": 4}
    fund = kasa.composition.application.load(Fund, id_of("fund", SOURCE))
    assert list(fund.commitments.values()) == [Money.of("12000")]
