"""Commands on cases of advice."""

from services.kasa.application import Kasa
from services.kasa.application.enterprises import known_enterprise
from services.kasa.domain.advice import AdviceCase
from services.kasa.domain.reach import reaches
from shared.contracts.kasa.commands import advice as commands
from shared.contracts.operations import Receipt
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected


def open_advice_case(kasa: Kasa, command: commands.OpenAdviceCase, act: Act) -> Receipt:
    enterprise = known_enterprise(kasa, command.enterprise_id, act)
    case = AdviceCase(act.id_of("advice"))
    case.open(
        enterprise_id=enterprise.id,
        partner=enterprise.terms.partner,
        opened_on=command.opened_on,
        today=kasa.today(),
    )
    return kasa.commit(act, case)


def hold_consultation(kasa: Kasa, command: commands.HoldConsultation, act: Act) -> Receipt:
    case = _case_for(kasa, command, act)
    case.hold(
        act.id_of("consultation"),
        held_on=command.held_on,
        starts=command.starts,
        minutes=command.minutes,
        topic=command.topic,
        adviser=command.adviser,
        outcome=command.outcome,
        evidence=command.evidence,
        now=kasa.now(),
    )
    return kasa.commit(act, case)


def meet_checklist_item(kasa: Kasa, command: commands.MeetChecklistItem, act: Act) -> Receipt:
    case = _case_for(kasa, command, act)
    case.meet(
        item=command.item,
        evidence=command.evidence,
        met_on=command.met_on,
        today=kasa.today(),
        rules=kasa.rules.advice,
    )
    return kasa.commit(act, case)


def close_advice_case(kasa: Kasa, command: commands.CloseAdviceCase, act: Act) -> Receipt:
    case = _case_for(kasa, command, act)
    case.close(end=command.end, closed_on=command.closed_on, today=kasa.today())
    return kasa.commit(act, case)


def _case_for(kasa: Kasa, command: commands.AdviceCommand, act: Act) -> AdviceCase:
    case = kasa.find(AdviceCase, command.case_id)
    if case is None or not reaches(act.caller, case.terms.partner):
        raise Rejected("not_found", {"id": str(command.case_id)})
    if act.expected_version not in (None, case.version):
        raise Rejected("stale_version", {"current": case.version})
    return case
