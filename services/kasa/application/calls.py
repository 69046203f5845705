"""Commands on calls and the applications to them."""

from decimal import Decimal
from typing import Final

from services.kasa.application import Kasa
from services.kasa.application.books import books_of
from services.kasa.application.enterprises import known_enterprise
from services.kasa.application.needs import count_need
from services.kasa.domain.application import Application
from services.kasa.domain.call import Call
from services.kasa.domain.ids import id_of
from services.kasa.domain.participant import Participant
from shared.contracts.kasa.commands import calls as commands
from shared.contracts.kasa.vocabulary.calls import ApplicationState, Offer, Origin
from shared.contracts.kasa.vocabulary.enterprises import EnterpriseState
from shared.contracts.operations import Receipt
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.kernel.money import require_currency

WHOLE: Final = Decimal(1)
"""Of the points of a criterion."""


def open_call(kasa: Kasa, command: commands.OpenCall, act: Act) -> Receipt:
    terms, day = command.terms, command.opened_on
    require_currency(
        terms.budget, books_of(kasa, terms.source, "/terms/source").currency, "/terms/budget"
    )
    kasa.rules.deminimis.regulation(terms.regulation, day, "/terms/regulation")
    _require_products(kasa, command)
    call_id = id_of("call", terms.code)
    call = kasa.find(Call, call_id) or Call(call_id)
    call.open(
        terms, opened_on=day, today=kasa.today(), by=act.caller.subject, rules=kasa.rules.calls
    )
    return kasa.commit(act, call)


def close_call(kasa: Kasa, command: commands.CloseCall, act: Act) -> Receipt:
    call = kasa.load(Call, command.call_id, act.expected_version)
    call.close(on=command.closed_on, today=kasa.today(), by=act.caller.subject)
    return kasa.commit(act, call)


def draft_application(kasa: Kasa, command: commands.DraftApplication, act: Act) -> Receipt:
    enterprise = known_enterprise(kasa, command.enterprise_id, act)
    if enterprise.state is EnterpriseState.CLOSED:
        raise Rejected("kasa.enterprise_state", {"state": enterprise.state.value})
    application = Application(act.id_of("application"))
    application.draft(
        kasa.load(Call, id_of("call", command.call)),
        enterprise_id=enterprise.id,
        content=command.content,
        on=command.drafted_on,
        today=kasa.today(),
        by=act.caller.subject,
    )
    return kasa.commit(act, application)


def revise_application(kasa: Kasa, command: commands.ReviseApplication, act: Act) -> Receipt:
    application = application_for(kasa, command, act)
    application.revise(
        call_of(kasa, application),
        command.content,
        on=command.revised_on,
        today=kasa.today(),
        by=act.caller.subject,
    )
    return kasa.commit(act, application)


def submit_application(kasa: Kasa, command: commands.SubmitApplication, act: Act) -> Receipt:
    application = application_for(kasa, command, act)
    application.submit(
        call_of(kasa, application),
        on=command.submitted_on,
        today=kasa.today(),
        by=act.caller.subject,
        rules=kasa.rules.calls,
    )
    return kasa.commit(act, application)


def check_application(kasa: Kasa, command: commands.CheckApplication, act: Act) -> Receipt:
    application = application_for(kasa, command, act)
    call = call_of(kasa, application)
    application.check_formally(
        call,
        command.results,
        on=command.checked_on,
        today=kasa.today(),
        by=act.caller.subject,
    )
    if application.state is ApplicationState.ASSESSED:
        count_need(kasa, application, call, command.checked_on)
    return kasa.commit(act, application)


def assign_reviewer(kasa: Kasa, command: commands.AssignReviewer, act: Act) -> Receipt:
    application = application_for(kasa, command, act)
    application.assign_reviewer(
        command.reviewer, on=command.assigned_on, today=kasa.today(), by=act.caller.subject
    )
    return kasa.commit(act, application)


def declare_interest(kasa: Kasa, command: commands.DeclareInterest, act: Act) -> Receipt:
    application = application_for(kasa, command, act)
    application.declare_interest(
        conflict=command.conflict,
        on=command.declared_on,
        today=kasa.today(),
        by=act.caller.subject,
    )
    return kasa.commit(act, application)


def review_application(kasa: Kasa, command: commands.ReviewApplication, act: Act) -> Receipt:
    application = application_for(kasa, command, act)
    application.score(
        call_of(kasa, application),
        command.points,
        on=command.scored_on,
        today=kasa.today(),
        by=act.caller.subject,
    )
    return kasa.commit(act, application)


def count_certificate(kasa: Kasa, command: commands.CountCertificate, act: Act) -> Receipt:
    """Raises `kasa.certificate_unknown` unless it is valid and its holder of the enterprise."""
    application = application_for(kasa, command, act)
    call = call_of(kasa, application)
    holder = kasa.find(Participant, command.participant_id)
    if (
        holder is None
        or command.certificate_id not in holder.certificates
        or application.origin.enterprise_id not in holder.enterprises
    ):
        raise Rejected("kasa.certificate_unknown", pointer="/certificate_id")
    criteria = call.content.criteria.of(Origin.CERTIFICATE)
    if not criteria:
        raise Rejected("kasa.criteria_not_matched", {"expected": []}, "/certificate_id")
    for criterion in criteria:
        application.record_input(
            call,
            criterion,
            share=WHOLE,
            basis=str(command.certificate_id),
            basis_version=holder.version,
            on=command.recorded_on,
            today=kasa.today(),
        )
    return kasa.commit(act, application)


def withdraw_application(kasa: Kasa, command: commands.WithdrawApplication, act: Act) -> Receipt:
    application = application_for(kasa, command, act)
    application.withdraw(
        reason=command.reason,
        on=command.withdrawn_on,
        today=kasa.today(),
        by=act.caller.subject,
    )
    return kasa.commit(act, application)


def application_for(kasa: Kasa, command: commands.ApplicationCommand, act: Act) -> Application:
    """As far as the caller reaches. Refused as `not_found`, and as `stale_version`."""
    application = kasa.load(Application, command.application_id)
    known_enterprise(kasa, application.origin.enterprise_id, act)
    if act.expected_version not in (None, application.version):
        raise Rejected("stale_version", {"current": application.version})
    return application


def call_of(kasa: Kasa, application: Application) -> Call:
    return kasa.load(Call, application.origin.call_id)


def _require_products(kasa: Kasa, command: commands.OpenCall) -> None:
    """A loan is of a product with rules of its own; a grant names what it is for."""
    known = kasa.rules.loans.products
    if command.terms.offer is Offer.LOAN and not known.keys() >= set(command.terms.products):
        raise Rejected("kasa.product_unknown", {"known": sorted(known)}, "/terms/products")
