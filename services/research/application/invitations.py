"""Commands on invitations, and how a token leads to its invitation."""

from uuid import UUID

from services.research.application import Research
from services.research.application.studies import study_within
from services.research.domain.ids import id_of
from services.research.domain.invitation import Invitation, Invitations, normalised
from services.research.domain.reach import reaches
from services.research.domain.study import Study
from shared.contracts.operations import Receipt
from shared.contracts.research.commands import invitations as commands
from shared.contracts.research.vocabulary.studies import WaveState
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected


def record_reminder(research: Research, command: commands.RecordReminder, act: Act) -> Receipt:
    study = study_within(research, command.study_id, act)
    wave = study.wave(command.wave_id, WaveState.OPEN)
    invitations = invitations_of(research, command.wave_id)
    invitations.remind(wave, command.day, on=command.sent_on, today=research.today())
    return research.commit(act, invitations)


def decline_invitation(
    research: Research, command: commands.DeclineInvitation, act: Act
) -> Receipt:
    invitation = invitation_of(research, command.token)
    study = research.load(Study, invitation.terms.study_id)
    if not reaches(act.caller, study.terms.partner):
        raise Rejected("research.token_unknown", pointer="/token")
    invitation.decline(
        study.wave(invitation.terms.wave_id), on=command.declined_on, today=research.today()
    )
    return research.commit(act, invitation)


def invitation_of(research: Research, token: str) -> Invitation:
    """Raises `research.token_unknown`. Of two uses at once one meets the version of the other."""
    invitation = research.find(Invitation, token_id(research, token))
    if invitation is None:
        raise Rejected("research.token_unknown", pointer="/token")
    return invitation


def token_id(research: Research, token: str) -> UUID:
    """The id of the invitation of a token, by its keyed digest: who reads the ledger finds no token."""
    return id_of("invitation", research.digest_of("invitation", {"token": normalised(token)}))


def invitations_of(research: Research, wave_id: UUID) -> Invitations:
    identity = id_of("invitations", wave_id)
    return research.find(Invitations, identity) or Invitations(identity)
