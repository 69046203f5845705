"""Commands on measurements after the exit."""

from services.research.application import Research
from services.research.domain.followup import FollowUp
from services.research.domain.reach import reaches_participant
from shared.contracts.operations import Receipt
from shared.contracts.research.commands import followups as commands
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected


def answer_follow_up(research: Research, command: commands.AnswerFollowUp, act: Act) -> Receipt:
    """A repeated answer is refused, also of two that come at the same moment."""
    follow_up = research.load(FollowUp, command.follow_up_id)
    if not reaches_participant(act.caller, follow_up.about.partner):
        raise Rejected("not_found", {"id": str(command.follow_up_id)})
    if act.expected_version not in (None, follow_up.version):
        raise Rejected("stale_version", {"current": follow_up.version})
    follow_up.answer(
        command.situation,
        observed_on=command.observed_on,
        today=research.today(),
        by=act.caller.subject,
    )
    return research.commit(act, follow_up)
