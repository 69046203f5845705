"""Commands on certificates."""

import secrets
from datetime import date
from itertools import count
from uuid import UUID

from services.training.application import Training
from services.training.application.outcomes import participation_of
from services.training.application.reach import edition_for
from services.training.domain.certificates import (
    Certificate,
    CertificateContent,
    CertificateRegister,
    Completion,
    certificate_id,
    printed_number,
)
from services.training.domain.edition import Edition
from services.training.domain.entitlement import require_entitled
from services.training.domain.ids import id_of
from services.training.domain.participation_history import Concluded
from services.training.domain.reach import Reach
from shared.contracts.operations import Receipt
from shared.contracts.training import commands
from shared.eventstore.acts import Act
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected

CODE_BYTES = 16
"""Of a verification code, which nobody can guess: 128 random bits."""


def issue_certificate(
    training: Training, edition_id: UUID, holder: commands.Holder, issued_on: date, act: Act
) -> Receipt:
    """Issue one person's certificate; its number and the document are one commit."""
    edition = edition_for(training, edition_id, act)
    participation = participation_of(training, edition, holder.participant_id)
    completion = require_entitled(participation, edition.content)
    if holder.name is None:
        raise Rejected("training.holder_name_missing")
    require_come(issued_on, training.today(), "/issued_on")
    require_not_before(completion.occurred_on, issued_on, "/issued_on")
    certificate = _next(training, participation.id)
    register_id = id_of("certificates", issued_on.year)
    register = training.find(CertificateRegister, register_id) or CertificateRegister(register_id)
    prefix = training.rules.project.on(issued_on, "/issued_on").certificate_prefix
    certificate.issue(
        printed_number(prefix, issued_on.year, register.last + 1),
        participant_id=holder.participant_id,
        holder=holder.name,
        content=_content(edition, completion),
        completion=Completion(stream=participation.id, version=completion.originator_version),
        verification_code=secrets.token_urlsafe(CODE_BYTES),
        on=issued_on,
        by=act.provenance.actor,
    )
    register.enter(certificate.id, on=issued_on)
    return training.commit(act, certificate, register)


def revoke_certificate(
    training: Training, command: commands.RevokeCertificate, act: Act
) -> Receipt:
    certificate = training.load(Certificate, command.certificate_id, act.expected_version)
    issued = certificate.issued
    if issued is None or not Reach.of(act.caller).includes(issued.content.partner, ()):
        raise Rejected("not_found", {"id": str(command.certificate_id)})
    require_come(command.revoked_on, training.today(), "/revoked_on")
    certificate.revoke(
        command.reason, command.justification, on=command.revoked_on, by=act.provenance.actor
    )
    return training.commit(act, certificate)


def _next(training: Training, participation: UUID) -> Certificate:
    """The certificate that is valid, or else the one that comes after all revoked ones."""
    for ordinal in count(1):
        key = certificate_id(participation, ordinal)
        certificate = training.find(Certificate, key)
        if certificate is None or certificate.valid:
            return certificate or Certificate(key)
    raise AssertionError


def _content(edition: Edition, completion: Concluded) -> CertificateContent:
    terms, content = edition.terms, edition.content
    first_day, last_day = edition.first_day, edition.last_day
    if first_day is None or last_day is None:
        raise Rejected("training.timetable_missing")
    return CertificateContent(
        programme_code=content.code,
        title_pl=content.title_pl,
        title_en=content.title_en,
        result=content.result,
        outcomes=content.outcomes,
        edition_id=edition.id,
        edition_code=terms.code,
        partner=terms.partner,
        place=terms.place,
        first_day=first_day,
        last_day=last_day,
        hour=content.hour,
        attended_minutes=completion.attended_minutes,
        planned_minutes=completion.planned_minutes,
    )
