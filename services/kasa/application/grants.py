"""Commands on grants: each event that moves money is in one commit with the fund's entry."""

from services.kasa.application import Kasa, Known
from services.kasa.application.bookings import by_hand
from services.kasa.application.books import books_of, last_event_of
from services.kasa.application.calls import call_of
from services.kasa.application.enterprises import known_enterprise
from services.kasa.domain.application import Agreement, Application
from services.kasa.domain.contracts import terms_of
from services.kasa.domain.grant import Grant
from services.kasa.domain.ids import id_of
from shared.contracts.kasa.commands import grants as commands
from shared.contracts.kasa.vocabulary.calls import Offer
from shared.contracts.operations import Receipt
from shared.eventstore.acts import Act
from shared.kernel.aggregate import Aggregate
from shared.kernel.errors import Rejected


def sign_grant(kasa: Kasa, command: commands.SignGrant, act: Act) -> Receipt:
    """What the committee decided becomes a contract, and its money is bound."""
    terms, day = command.terms, command.signed_on
    enterprise = known_enterprise(kasa, terms.enterprise_id, act)
    application = kasa.load(Application, terms.application_id)
    application.contract(
        call_of(kasa, application),
        terms.number,
        Agreement(Offer.GRANT, terms.source, enterprise.id, terms.amount),
        on=day,
        today=kasa.today(),
    )
    grant_id = id_of("grant", terms.number)
    grant = kasa.find(Grant, grant_id) or Grant(grant_id)
    grant.sign(
        terms,
        signed_on=day,
        today=kasa.today(),
        by=act.caller.subject,
        rules=kasa.rules.grants,
    )
    books = books_of(kasa, terms.source, "/terms/source")
    books.commit(grant.id, terms.amount, last_event_of(grant), on=day)
    return kasa.commit(act, grant, application, books)


def meet_grant_condition(kasa: Kasa, command: commands.MeetGrantCondition, act: Act) -> Receipt:
    grant = grant_for(kasa, command, act)
    grant.meet_condition(
        command.code,
        on=command.met_on,
        source_document=command.source_document,
        today=kasa.today(),
        by=act.caller.subject,
    )
    return kasa.commit(act, grant)


def submit_grant_report(kasa: Kasa, command: commands.SubmitGrantReport, act: Act) -> Receipt:
    grant = grant_for(kasa, command, act)
    grant.submit_report(
        command.report,
        spent=command.spent,
        on=command.submitted_on,
        source_document=command.source_document,
        today=kasa.today(),
        by=act.caller.subject,
    )
    return kasa.commit(act, grant)


def accept_grant_report(kasa: Kasa, command: commands.AcceptGrantReport, act: Act) -> Receipt:
    grant = grant_for(kasa, command, act)
    grant.accept_report(
        command.report,
        accepted=command.accepted,
        on=command.decided_on,
        today=kasa.today(),
        by=act.caller.subject,
    )
    return kasa.commit(act, grant)


def reject_grant_report(kasa: Kasa, command: commands.RejectGrantReport, act: Act) -> Receipt:
    grant = grant_for(kasa, command, act)
    grant.reject_report(
        command.report,
        reason=command.reason,
        on=command.decided_on,
        today=kasa.today(),
        by=act.caller.subject,
    )
    return kasa.commit(act, grant)


def release_tranche(kasa: Kasa, command: commands.ReleaseTranche, act: Act) -> Receipt:
    grant = grant_for(kasa, command, act)
    grant.release_tranche(
        command.tranche, on=command.released_on, today=kasa.today(), by=act.caller.subject
    )
    return kasa.commit(act, grant)


def pay_tranche(kasa: Kasa, command: commands.PayTranche, act: Act) -> Receipt:
    grant, reference, on = grant_for(kasa, command, act), command.bank_reference, command.paid_on
    changed = by_hand(kasa, grant, reference, on=on, changed=paid_out(kasa, grant, command))
    if not changed:
        raise Rejected("nothing_changed", pointer="/bank_reference")
    return kasa.commit(act, *changed)


def paid_out(kasa: Known, grant: Grant, payment: commands.PayTranche) -> tuple[Aggregate, ...]:
    """The grant and the books with a tranche that the bank paid; nothing where it was known before."""
    paid_before, on = grant.paid, payment.paid_on
    grant.pay_tranche(
        payment.tranche, bank_reference=payment.bank_reference, on=on, today=kasa.today()
    )
    paid = grant.paid - paid_before
    if not paid:
        return ()
    books = books_of(kasa, grant.terms.source)
    books.disburse(grant.id, paid, last_event_of(grant), on=on)
    return grant, books


def record_job_place(kasa: Kasa, command: commands.RecordJobPlace, act: Act) -> Receipt:
    """The place is one that the enterprise has. Raises `kasa.place_unknown`."""
    grant = grant_for(kasa, command, act)
    enterprise = known_enterprise(kasa, grant.terms.enterprise_id, act)
    if command.place_id not in enterprise.places:
        raise Rejected("kasa.place_unknown", pointer="/place_id")
    if command.change == "filled":
        grant.fill_place(command.place_id, on=command.on, today=kasa.today())
    else:
        grant.vacate_place(command.place_id, on=command.on, today=kasa.today())
    return kasa.commit(act, grant)


def check_durability(kasa: Kasa, command: commands.CheckDurability, act: Act) -> Receipt:
    grant = grant_for(kasa, command, act)
    grant.check_durability(on=command.checked_on, today=kasa.today(), by=act.caller.subject)
    return kasa.commit(act, grant)


def compute_clawback(kasa: Kasa, command: commands.ComputeClawback, act: Act) -> Receipt:
    grant = grant_for(kasa, command, act)
    grant.compute_clawback(on=command.computed_on, today=kasa.today(), by=act.caller.subject)
    return kasa.commit(act, grant)


def record_grant_repayment(kasa: Kasa, command: commands.RecordGrantRepayment, act: Act) -> Receipt:
    """`again`: what was taken back in error counts anew, under another reference."""
    grant, reference, on = grant_for(kasa, command, act), command.bank_reference, command.value_on
    if command.again:
        anew = terms_of(grant).open_reference(reference)
        command = command.model_copy(update={"bank_reference": anew})
    changed = repaid(kasa, grant, command)
    return kasa.commit(act, *by_hand(kasa, grant, reference, on=on, changed=changed))


def repaid(
    kasa: Known, grant: Grant, payment: commands.RecordGrantRepayment
) -> tuple[Aggregate, ...]:
    """The grant and the books with a payment that came in; nothing where it was known before."""
    reference, on, before = payment.bank_reference, payment.value_on, grant.version
    grant.repay(payment.amount, bank_reference=reference, on=on, today=kasa.today())
    if grant.version == before:
        return ()
    books = books_of(kasa, grant.terms.source)
    received = grant.repayments.standing[reference]
    books.receive(grant.id, received, last_event_of(grant), on=on)
    return grant, books


def reverse_grant_repayment(
    kasa: Kasa, command: commands.ReverseGrantRepayment, act: Act
) -> Receipt:
    grant = grant_for(kasa, command, act)
    return kasa.commit(act, *taken_back(kasa, grant, command))


def taken_back(
    kasa: Known, grant: Grant, reversal: commands.ReverseGrantRepayment
) -> tuple[Aggregate, ...]:
    """The grant and the books after a payment was taken back."""
    received = grant.repayments.standing.get(reversal.bank_reference)
    grant.reverse_repayment(reversal.bank_reference, on=reversal.on, today=kasa.today())
    books = books_of(kasa, grant.terms.source)
    if received is not None:
        books.take_back(grant.id, received, last_event_of(grant), on=reversal.on)
    return grant, books


def close_grant(kasa: Kasa, command: commands.CloseGrant, act: Act) -> Receipt:
    grant = grant_for(kasa, command, act)
    grant.close(on=command.closed_on, today=kasa.today(), by=act.caller.subject)
    books = books_of(kasa, grant.terms.source)
    if grant.unused:
        books.release(grant.id, grant.unused, last_event_of(grant), on=command.closed_on)
    return kasa.commit(act, grant, books)


def grant_for(kasa: Kasa, command: commands.GrantCommand, act: Act) -> Grant:
    """As far as the caller reaches. Refused as `not_found`, and as `stale_version`."""
    grant = kasa.load(Grant, command.grant_id)
    known_enterprise(kasa, grant.terms.enterprise_id, act)
    if act.expected_version not in (None, grant.version):
        raise Rejected("stale_version", {"current": grant.version})
    return grant
