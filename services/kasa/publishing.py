"""What kasa tells others: domain event → public event, or nothing.

A pure function of the recorded event, so that the relay and the feed answer alike.
"""

from functools import singledispatch

from services.kasa.domain.advice import AdviceCase
from services.kasa.domain.application import Application
from services.kasa.domain.enterprise import Enterprise
from services.kasa.domain.grant import Grant
from services.kasa.domain.loan import Loan
from services.kasa.domain.participant import Participant
from services.kasa.domain.undertaking import Undertaking
from shared.contracts.events import PublicEvent
from shared.contracts.kasa import events as public
from shared.contracts.kasa.vocabulary.calls import Offer
from shared.kernel.aggregate import Event
from shared.kernel.money import Currency, Money


@singledispatch
def publish(_event: Event) -> PublicEvent | None:
    """Nothing, unless a case below says otherwise."""
    return None


@publish.register
def _(event: Enterprise.Founded) -> PublicEvent:
    return public.EnterpriseFounded(
        subject=event.originator_id,
        code=event.code,
        kind=event.kind,
        partner=event.partner,
        teryt=event.teryt,
        founded_on=event.occurred_on,
        founders=event.founders,
        entitled=event.entitled,
    )


@publish.register
def _(event: Enterprise.JobPlaceCreated) -> PublicEvent:
    return public.JobPlaceCreated(
        subject=event.originator_id,
        place_id=event.place_id,
        participant_id=event.person and event.person.participant_id,
        share=str(event.share),
        created_on=event.occurred_on,
    )


@publish.register
def _(event: Enterprise.JobPlaceLost) -> PublicEvent:
    return public.JobPlaceLost(
        subject=event.originator_id,
        place_id=event.place_id,
        participant_id=event.person and event.person.participant_id,
        created_on=event.created_on,
        lost_on=event.occurred_on,
        cause=event.cause,
    )


@publish.register
def _(event: Undertaking.AidGranted) -> PublicEvent:
    return public.DeMinimisGranted(
        subject=event.aid.party,
        aid_id=event.aid.aid_id,
        granted_on=event.occurred_on,
        amount_pln=event.amount_pln,
        amount=Money.of(event.aid.amount, Currency.EUR),
        regulation=event.aid.regulation,
        kind=event.aid.kind,
        basis=event.basis,
    )


@publish.register
def _(event: AdviceCase.ConsultationHeld) -> PublicEvent:
    return public.AdviceDelivered(
        subject=event.enterprise_id,
        case_id=event.originator_id,
        consultation_id=event.consultation_id,
        delivered_on=event.occurred_on,
        starts=event.starts,
        minutes=event.minutes,
        topic=event.topic,
        adviser=event.adviser,
    )


@publish.register
def _(event: Application.Decided) -> PublicEvent:
    proposal = event.decision.resolution.proposal
    return public.ApplicationDecided(
        subject=event.enterprise_id,
        application_id=event.originator_id,
        call=event.call,
        offer=event.decision.offer,
        outcome=proposal.outcome,
        amount=proposal.amount,
        decided_on=event.occurred_on,
    )


@publish.register
def _(event: Grant.Contracted) -> PublicEvent:
    return public.ContractSigned(
        subject=event.terms.enterprise_id,
        contract_id=event.originator_id,
        number=event.terms.number,
        offer=Offer.GRANT,
        source=event.terms.source,
        amount=event.terms.amount,
        signed_on=event.occurred_on,
    )


@publish.register
def _(event: Grant.TranchePaid) -> PublicEvent:
    return public.Disbursed(
        subject=event.enterprise_id,
        contract_id=event.originator_id,
        offer=Offer.GRANT,
        amount=event.amount,
        paid_on=event.occurred_on,
    )


@publish.register
def _(event: Grant.Repaid) -> PublicEvent | None:
    """What was paid above the sum due is the payer's."""
    if not event.received.principal:
        return None
    return public.Repaid(
        subject=event.enterprise_id,
        contract_id=event.originator_id,
        offer=Offer.GRANT,
        amount=event.received.principal,
        value_on=event.occurred_on,
    )


@publish.register
def _(event: Grant.RepaymentReversed) -> PublicEvent | None:
    if not event.received.principal:
        return None
    return public.RepaymentReversed(
        subject=event.enterprise_id,
        contract_id=event.originator_id,
        offer=Offer.GRANT,
        amount=event.received.principal,
        reversed_on=event.occurred_on,
    )


@publish.register
def _(event: Grant.ReportAccepted) -> PublicEvent:
    return public.GrantReportAccepted(
        subject=event.enterprise_id,
        contract_id=event.originator_id,
        report=event.number,
        accepted=event.accepted,
        accepted_on=event.occurred_on,
    )


@publish.register
def _(event: Loan.Contracted) -> PublicEvent:
    return public.ContractSigned(
        subject=event.enterprise_id,
        contract_id=event.originator_id,
        number=event.number,
        offer=Offer.LOAN,
        source=event.source,
        amount=event.principal,
        signed_on=event.occurred_on,
    )


@publish.register
def _(event: Loan.Disbursed) -> PublicEvent:
    return public.Disbursed(
        subject=event.enterprise_id,
        contract_id=event.originator_id,
        offer=Offer.LOAN,
        amount=event.amount,
        paid_on=event.occurred_on,
    )


@publish.register
def _(event: Loan.PaymentReceived) -> PublicEvent:
    """Whatever of the debt it pays."""
    return public.Repaid(
        subject=event.enterprise_id,
        contract_id=event.originator_id,
        offer=Offer.LOAN,
        amount=event.amount,
        value_on=event.occurred_on,
    )


@publish.register
def _(event: Loan.PaymentReversed) -> PublicEvent:
    return public.RepaymentReversed(
        subject=event.enterprise_id,
        contract_id=event.originator_id,
        offer=Offer.LOAN,
        amount=event.amount,
        reversed_on=event.occurred_on,
    )


@publish.register
def _(event: Loan.ArrearsClassChanged) -> PublicEvent:
    return public.ArrearsClassChanged(
        subject=event.enterprise_id,
        contract_id=event.originator_id,
        was=event.was,
        now=event.now,
        days_past_due=event.days_past_due,
        changed_on=event.occurred_on,
    )


@publish.register
def _(event: Loan.WrittenOff) -> PublicEvent:
    principal, interest, penalty, costs = (
        Money(amount=each, currency=event.currency)
        for each in (event.principal, event.interest, event.penalty, event.costs)
    )
    return public.LoanWrittenOff(
        subject=event.enterprise_id,
        contract_id=event.originator_id,
        principal=principal,
        interest=interest,
        penalty=penalty,
        costs=costs,
        written_off_on=event.occurred_on,
    )


@publish.register
def _(event: Participant.Erased) -> PublicEvent:
    return public.SubjectErased(
        subject=event.subject, data_classes=event.data_classes, erased_on=event.occurred_on
    )
