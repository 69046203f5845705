"""Commands on enterprises: in one commit with the participants who join, and with its tax number."""

from datetime import date
from uuid import UUID

from services.kasa.application import Kasa
from services.kasa.application.linking import home_of, joined_with_outside, number_of
from services.kasa.domain.enterprise import Enterprise
from services.kasa.domain.ids import id_of
from services.kasa.domain.participant import Participant
from services.kasa.domain.reach import reaches
from services.kasa.domain.tax_numbers import TaxNumber
from services.kasa.domain.undertaking import Undertaking
from shared.contracts.kasa.commands import enterprises as commands
from shared.contracts.kasa.vocabulary.enterprises import Person
from shared.contracts.operations import Receipt
from shared.eventstore.acts import Act
from shared.kernel.aggregate import Aggregate
from shared.kernel.errors import Rejected


def enterprise_for(kasa: Kasa, enterprise_id: UUID, act: Act) -> Enterprise:
    """As far as the caller reaches. Refused as `not_found`, and as `stale_version`."""
    enterprise = known_enterprise(kasa, enterprise_id, act)
    if act.expected_version not in (None, enterprise.version):
        raise Rejected("stale_version", {"current": enterprise.version})
    return enterprise


def known_enterprise(kasa: Kasa, enterprise_id: UUID, act: Act) -> Enterprise:
    """For commands to something else that names an enterprise."""
    enterprise = kasa.find(Enterprise, enterprise_id)
    if enterprise is None or not reaches(act.caller, enterprise.terms.partner):
        raise Rejected("not_found", {"id": str(enterprise_id)})
    return enterprise


def register_enterprise(kasa: Kasa, command: commands.RegisterEnterprise, act: Act) -> Receipt:
    if not reaches(act.caller, command.partner):
        raise Rejected("forbidden", pointer="/partner")
    enterprise_id = id_of("enterprise", command.code)
    enterprise = kasa.find(Enterprise, enterprise_id) or Enterprise(enterprise_id)
    terms = dict(command)
    day = terms.pop("registered_on")
    enterprise.register(terms, registered_on=day, today=kasa.today(), rules=kasa.rules.enterprises)
    home = Undertaking(id_of("undertaking", enterprise_id))
    home.form(enterprise_id, day)
    return kasa.commit(act, enterprise, *_claimed(kasa, enterprise, home, day))


def set_identifiers(kasa: Kasa, command: commands.SetIdentifiers, act: Act) -> Receipt:
    enterprise = enterprise_for(kasa, command.enterprise_id, act)
    before, day = enterprise.identifiers.nip, command.set_on
    enterprise.set_identifiers(identifiers=command.identifiers, set_on=day, today=kasa.today())
    if enterprise.identifiers.nip == before:
        return kasa.commit(act, enterprise)
    released = [] if before is None else [_released(kasa, before, day)]
    undertaking = home_of(kasa, enterprise.id)
    return kasa.commit(act, enterprise, *released, *_claimed(kasa, enterprise, undertaking, day))


def add_founder(kasa: Kasa, command: commands.AddFounder, act: Act) -> Receipt:
    enterprise = enterprise_for(kasa, command.enterprise_id, act)
    enterprise.add_founder(
        act.id_of("member"),
        person=command.person,
        nature=command.nature,
        entitled=command.entitled,
        added_on=command.added_on,
        today=kasa.today(),
    )
    joining = _joining(kasa, enterprise, command.person, command.added_on)
    return kasa.commit(act, enterprise, *joining)


def remove_founder(kasa: Kasa, command: commands.RemoveFounder, act: Act) -> Receipt:
    enterprise = enterprise_for(kasa, command.enterprise_id, act)
    enterprise.remove_founder(
        member_id=command.member_id, removed_on=command.removed_on, today=kasa.today()
    )
    return kasa.commit(act, enterprise)


def found_enterprise(kasa: Kasa, command: commands.FoundEnterprise, act: Act) -> Receipt:
    enterprise = enterprise_for(kasa, command.enterprise_id, act)
    enterprise.found(
        krs=command.krs,
        entered_on=command.entered_on,
        today=kasa.today(),
        rules=kasa.rules.enterprises,
    )
    return kasa.commit(act, enterprise)


def admit_member(kasa: Kasa, command: commands.AdmitMember, act: Act) -> Receipt:
    enterprise = enterprise_for(kasa, command.enterprise_id, act)
    enterprise.join(
        act.id_of("member"),
        person=command.person,
        nature=command.nature,
        entitled=command.entitled,
        joined_on=command.joined_on,
        today=kasa.today(),
        rules=kasa.rules.enterprises,
    )
    joining = _joining(kasa, enterprise, command.person, command.joined_on)
    return kasa.commit(act, enterprise, *joining)


def record_member_left(kasa: Kasa, command: commands.RecordMemberLeft, act: Act) -> Receipt:
    enterprise = enterprise_for(kasa, command.enterprise_id, act)
    enterprise.leave(member_id=command.member_id, left_on=command.left_on, today=kasa.today())
    return kasa.commit(act, enterprise)


def create_job_place(kasa: Kasa, command: commands.CreateJobPlace, act: Act) -> Receipt:
    enterprise = enterprise_for(kasa, command.enterprise_id, act)
    enterprise.create_job_place(
        act.id_of("place"),
        person=command.person,
        share=command.share,
        entitled=command.entitled,
        created_on=command.created_on,
        today=kasa.today(),
    )
    joining = _joining(kasa, enterprise, command.person, command.created_on)
    return kasa.commit(act, enterprise, *joining)


def lose_job_place(kasa: Kasa, command: commands.LoseJobPlace, act: Act) -> Receipt:
    enterprise = enterprise_for(kasa, command.enterprise_id, act)
    enterprise.lose_job_place(
        place_id=command.place_id,
        cause=command.cause,
        lost_on=command.lost_on,
        today=kasa.today(),
    )
    return kasa.commit(act, enterprise)


def grant_status(kasa: Kasa, command: commands.GrantStatus, act: Act) -> Receipt:
    enterprise = enterprise_for(kasa, command.enterprise_id, act)
    enterprise.grant_status(
        decision=command.decision,
        reintegration=command.reintegration,
        granted_on=command.granted_on,
        today=kasa.today(),
        rules=kasa.rules.enterprises,
    )
    return kasa.commit(act, enterprise)


def withdraw_status(kasa: Kasa, command: commands.WithdrawStatus, act: Act) -> Receipt:
    enterprise = enterprise_for(kasa, command.enterprise_id, act)
    enterprise.withdraw_status(
        decision=command.decision, withdrawn_on=command.withdrawn_on, today=kasa.today()
    )
    return kasa.commit(act, enterprise)


def close_enterprise(kasa: Kasa, command: commands.CloseEnterprise, act: Act) -> Receipt:
    enterprise = enterprise_for(kasa, command.enterprise_id, act)
    enterprise.close(closed_on=command.closed_on, today=kasa.today())
    return kasa.commit(act, enterprise)


def _joining(
    kasa: Kasa, enterprise: Enterprise, person: Person | None, on: date
) -> tuple[Aggregate, ...]:
    """The participant who joins, when it is one. Raises `kasa.participant_unknown`."""
    if person is None or person.participant_id is None:
        return ()
    pointer = "/person/participant_id"
    participant = kasa.find(Participant, person.participant_id)
    if participant is None:
        raise Rejected("kasa.participant_unknown", pointer=pointer)
    participant.join(enterprise.id, on, pointer)
    return (participant,)


def _claimed(
    kasa: Kasa, enterprise: Enterprise, undertaking: Undertaking, on: date
) -> tuple[Aggregate, ...]:
    """The undertaking and the enterprise's tax number, when it has one now; an outside party of the
    same number turns out to be the enterprise.
    """
    nip = enterprise.identifiers.nip
    if nip is None:
        return (undertaking,)
    number = number_of(kasa, nip)
    number.claim(enterprise.id, on)
    if not number.outside:
        return (number, undertaking)
    return (number, undertaking, *joined_with_outside(kasa, undertaking, enterprise.id, nip, on))


def _released(kasa: Kasa, nip: str, on: date) -> TaxNumber:
    number = kasa.load(TaxNumber, id_of("nip", nip))
    number.release(on)
    return number
