"""Commands on the committee's meetings: a decision and all that it gives are one commit."""

from uuid import UUID

from services.kasa.application import Kasa
from services.kasa.application.calls import call_of
from services.kasa.application.undertakings import granted
from services.kasa.domain.application import Application
from services.kasa.domain.call import Call
from services.kasa.domain.committee import Meeting
from services.kasa.domain.enterprise import Enterprise
from services.kasa.domain.ids import id_of
from shared.contracts.kasa.commands import calls as commands
from shared.contracts.kasa.vocabulary.calls import Offer, Resolution
from shared.contracts.kasa.vocabulary.undertakings import AidBasis
from shared.contracts.operations import Receipt
from shared.eventstore.acts import Act
from shared.kernel.aggregate import Aggregate
from shared.kernel.errors import Rejected
from shared.kernel.money import Money


def convene_meeting(kasa: Kasa, command: commands.ConveneMeeting, act: Act) -> Receipt:
    call = kasa.load(Call, id_of("call", command.call))
    meeting = Meeting(act.id_of("meeting"))
    meeting.convene(
        call_id=call.id,
        members=command.members,
        on=command.on,
        today=kasa.today(),
        by=act.caller.subject,
        rules=kasa.rules.calls,
    )
    return kasa.commit(act, meeting)


def recuse(kasa: Kasa, command: commands.Recuse, act: Act) -> Receipt:
    meeting, application = _case(kasa, command, act)
    meeting.recuse(application.id, by=act.caller.subject)
    return kasa.commit(act, meeting)


def propose_outcome(kasa: Kasa, command: commands.ProposeOutcome, act: Act) -> Receipt:
    meeting, application = _case(kasa, command, act)
    application.require_unbiased(act.caller.subject)
    proposal = application.proposal(call_of(kasa, application), command.outcome, command.amount)
    meeting.propose(proposal, by=act.caller.subject)
    return kasa.commit(act, meeting)


def cast_vote(kasa: Kasa, command: commands.CastVote, act: Act) -> Receipt:
    meeting, application = _case(kasa, command, act)
    meeting.vote(application.id, command.vote, barred=application.barred, by=act.caller.subject)
    return kasa.commit(act, meeting)


def resolve_case(kasa: Kasa, command: commands.ResolveCase, act: Act) -> Receipt:
    """What is not carried decides nothing. What is refused, by a ceiling or the budget, records
    nothing: the votes stand, and the same resolution may be signed later.
    """
    meeting, application = _case(kasa, command, act)
    resolution = meeting.resolve(application.id, by=act.caller.subject)
    if not resolution.carried:
        return kasa.commit(act, meeting)
    return kasa.commit(act, meeting, *_decided(kasa, application, meeting, resolution, act))


def _decided(
    kasa: Kasa, application: Application, meeting: Meeting, resolution: Resolution, act: Act
) -> tuple[Aggregate, ...]:
    """The application with all that its decision changes. The grant equivalent of a loan is known
    when its contract is signed, with its rate and its securities; so its aid is granted there.
    """
    call, on = call_of(kasa, application), meeting.terms.occurred_on
    amount, is_grant = resolution.proposal.amount, call.terms.offer is Offer.GRANT
    aid_id = act.id_of("aid") if amount is not None and is_grant else None
    application.decide(
        call, resolution, on=on, today=kasa.today(), aid=None if aid_id is None else str(aid_id)
    )
    if amount is None:
        return (application,)
    call.award(application.id, amount, on=on)
    if aid_id is None:
        return application, call
    return application, call, _aided(kasa, application, meeting, call, aid_id, amount)


def _aided(
    kasa: Kasa,
    application: Application,
    meeting: Meeting,
    call: Call,
    aid_id: UUID,
    amount: Money,
) -> Aggregate:
    return granted(
        kasa,
        kasa.load(Enterprise, application.origin.enterprise_id),
        aid_id=aid_id,
        amount=amount,
        regulation=call.terms.regulation,
        granted_on=meeting.terms.occurred_on,
        basis=AidBasis.GRANT,
        decision=f"{call.terms.code}/{application.id}",
    )


def _case(kasa: Kasa, command: commands.MeetingCommand, act: Act) -> tuple[Meeting, Application]:
    """A meeting is about the applications to its call."""
    meeting = kasa.load(Meeting, command.meeting_id, act.expected_version)
    application = kasa.load(Application, command.application_id)
    if application.origin.call_id != meeting.terms.call_id:
        raise Rejected("not_found", {"id": str(application.id)}, "/application_id")
    return meeting, application
