"""Certificates from the closed course to the printed document, on a real database."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from pydantic import TypeAdapter
from pypdf import PdfReader

from services.training.application.certificates import issue_certificate
from services.training.application.issuing import ISSUE
from services.training.domain.certificates import CertificateRegister
from services.training.domain.ids import id_of
from shared.contracts.access import Role
from shared.contracts.operations import ANYBODY, Caller
from shared.contracts.training import commands, views
from shared.contracts.training.vocabulary import (
    CompetenceStage,
    RevocationReason,
)
from shared.contracts.vocabulary import PersonName
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from tests.driving import COORDINATOR, act_by, caller
from tests.training.attending import (
    LAST_DAY,
    OTHER_COORDINATOR,
    attended,
    closing,
    course,
    later,
    published,
    trainer,
)
from tests.training.conftest import Driven
from tests.training.domain.courses import person
from tests.training.jobs import fetched, start, stored, work
from tests.training.test_races import WON, race

HOLDERS = TypeAdapter(tuple[commands.Holder, ...])
ISSUED_ON = date(2026, 5, 4)
ANNA, BOLEK, CELINA = map(person, range(3))


def holder(participant: UUID) -> commands.Holder:
    name = PersonName(given_name="Żaneta", family_name=f"Świerszcz-{participant.int % 256}")
    return commands.Holder(participant_id=participant, name=name)


def finished(
    training: Driven,
    present: Sequence[UUID] = (ANNA,),
    absent: Sequence[UUID] = (),
) -> UUID:
    """A closed edition; who was present attended everything and showed every outcome."""
    edition = course(training, [*present, *absent])
    day = dict.fromkeys(present, 90) | dict.fromkeys(absent, 0)
    attended(training, day, day, day)
    training.do(closing(edition))
    later(training, ISSUED_ON)
    for who in present:
        confirm(training, edition, who)
    return edition


def confirm(
    training: Driven, edition: UUID, who: UUID, achieved: tuple[str, ...] = ("E1",)
) -> None:
    for stage in (CompetenceStage.ASSESSMENT, CompetenceStage.COMPARISON):
        training.do(
            commands.RecordCompetenceStage(
                edition_id=edition,
                participant_id=who,
                stage=stage,
                reached_on=LAST_DAY,
                achieved=achieved,
                source_document="PROTOKOL/1",
            )
        )


def order(
    training: Driven, edition: UUID, *holders: commands.Holder, by: Caller = COORDINATOR
) -> UUID:
    content = HOLDERS.dump_json(holders)
    request = commands.IssueCertificates(
        edition_id=edition,
        issued_on=ISSUED_ON,
        holders_file=stored(training, content, "holders.json"),
    )
    found: UUID = start(training.composition.issues.issue_certificates, request, by)
    return found


def ended(training: Driven, job: UUID) -> views.IssueJob:
    return training.composition.issues.get_issue(
        views.ById(id=job), act_by(COORDINATOR, "training.get_issue")
    )


def issued(training: Driven, edition: UUID, *people: UUID) -> views.IssueJob:
    job = order(training, edition, *map(holder, people))
    work(training, ISSUE)
    return ended(training, job)


def get(training: Driven, certificate: UUID, by: Caller = COORDINATOR) -> views.Certificate:
    found: views.Certificate = training.ask("get_certificate", views.ById(id=certificate), by)
    return found


def revocation(certificate: UUID) -> commands.RevokeCertificate:
    return commands.RevokeCertificate(
        certificate_id=certificate,
        revoked_on=ISSUED_ON,
        reason=RevocationReason.WRONG_CONTENT,
        justification="Błąd w nazwisku",
    )


def test_who_completed_the_course_gets_one_and_the_others_are_told_why(training: Driven) -> None:
    edition = finished(training, [ANNA], [BOLEK])
    nameless = commands.Holder(participant_id=ANNA, name=None)
    job = order(training, edition, nameless, holder(BOLEK), holder(CELINA))
    work(training, ISSUE)
    refused = {each.participant_id: each for each in ended(training, job).refused}
    assert refused[ANNA].code == "training.holder_name_missing"
    assert refused[BOLEK].code == "training.attendance_below_minimum"
    assert refused[BOLEK].details["percent"] == 0
    assert refused[BOLEK].details["minimum_percent"] == 80
    assert "in force from 2004-05-01" in refused[BOLEK].details["rule"]
    assert refused[BOLEK].details["timetable_version"] == 1
    assert refused[CELINA].code == "training.course_not_completed"
    done = issued(training, edition, ANNA)
    assert (done.state, done.total, done.processed, done.refused) == ("done", 1, 1, ())
    (one,) = done.issued
    assert one.number == "TJP/2026/0001"
    certificate = get(training, one.certificate_id)
    assert (certificate.hours, certificate.planned_hours) == (6, 6)
    assert certificate.holder == holder(ANNA).name
    assert certificate.completion.version == 1
    (public,) = published(training, "training.certificate_issued.v1")
    assert "Świerszcz" not in str(public)
    assert public["number"] == "TJP/2026/0001"


def test_the_valid_certificate_is_shown_with_the_course(training: Driven) -> None:
    edition = finished(training)
    (certificate,) = issued(training, edition, ANNA).issued
    asked = views.GetParticipation(edition_id=edition, participant_id=ANNA)

    def shown() -> set[UUID | None]:
        (enrolment,) = training.ask("get_edition", views.ById(id=edition)).enrolments
        return {enrolment.certificate_id, training.ask("get_participation", asked).certificate_id}

    assert shown() == {certificate.certificate_id}
    training.do(revocation(certificate.certificate_id), by=OTHER_COORDINATOR)
    assert shown() == {None}


def test_the_reference_names_the_completion_in_the_ledger(training: Driven) -> None:
    edition = finished(training)
    (one,) = issued(training, edition, ANNA).issued
    reference = get(training, one.certificate_id).completion
    found = training.followed.history.read(reference.position - 1, 1)
    assert found[0].event.originator_id == reference.stream
    assert found[0].event.originator_version == reference.version
    assert type(found[0].event).__name__ == "Completed"


def test_a_competence_needs_its_stages_and_its_outcomes(training: Driven) -> None:
    edition = course(training, [ANNA, BOLEK])
    day = {ANNA: 90, BOLEK: 90}
    attended(training, day, day, day)
    training.do(closing(edition))
    later(training, ISSUED_ON)
    confirm(training, edition, BOLEK, achieved=())
    anna, bolek = issued(training, edition, ANNA, BOLEK).refused
    assert (anna.code, anna.details) == (
        "training.stages_missing",
        {"stages": ["assessment", "comparison"]},
    )
    assert (bolek.code, bolek.details) == ("training.stages_missing", {"outcomes": ["E1"]})


def test_a_job_that_was_interrupted_goes_on_and_issues_nothing_twice(training: Driven) -> None:
    people = [person(number) for number in range(4)]
    edition = finished(training, people)
    job = order(training, edition, *map(holder, people))
    work(training, ISSUE, stop_after=2)
    assert len(ended(training, job).issued) == 2
    work(training, ISSUE)
    numbers = [each.number for each in ended(training, job).issued]
    assert numbers == [f"TJP/2026/000{number}" for number in range(1, 5)]
    again = issued(training, edition, *people)
    assert {each.code for each in again.refused} == {"training.certificate_exists"}


@pytest.mark.timeout(300)
def test_racing_issues_leave_no_gap_and_no_double(training: Driven) -> None:
    people = [person(number) for number in range(12)]
    edition = finished(training, people)
    application = training.composition.application

    def issue(who: UUID, act: Act) -> None:
        while True:
            try:
                application.once(
                    act,
                    lambda: issue_certificate(application, edition, holder(who), ISSUED_ON, act),
                )
            except Rejected as refusal:
                if refusal.code != "version_conflict":
                    raise
            else:
                return

    each_twice = [
        (lambda who=who: issue(who, act_by(COORDINATOR, "training.issue", key=uuid4())))
        for who in (*people, *people)
    ]
    assert race(each_twice) == {WON: 12, "training.certificate_exists": 12}
    training.project()
    page = training.ask("list_certificates", views.ListCertificates(edition_id=edition, limit=200))
    assert sorted(each.number for each in page.items) == [
        f"TJP/2026/{number:04}" for number in range(1, 13)
    ]
    assert {each.participant_id for each in page.items} == set(people)
    register = application.load(CertificateRegister, id_of("certificates", 2026))
    assert register.last == register.version == 12


def test_another_person_revokes_and_the_next_certificate_has_the_next_number(
    training: Driven,
) -> None:
    edition = finished(training)
    (one,) = issued(training, edition, ANNA).issued
    code = get(training, one.certificate_id).verification_code
    with pytest.raises(Rejected) as own:
        training.do(revocation(one.certificate_id))
    assert own.value.code == "four_eyes"
    training.do(revocation(one.certificate_id), by=OTHER_COORDINATOR)
    shown = get(training, one.certificate_id)
    assert (shown.revoked_on, shown.revocation_reason) == (ISSUED_ON, "wrong_content")
    assert not verified(training, code).valid
    (other,) = issued(training, edition, ANNA).issued
    assert other.number == "TJP/2026/0002"
    assert verified(training, get(training, other.certificate_id).verification_code).valid
    (public,) = published(training, "training.certificate_revoked.v1")
    assert public["number"] == "TJP/2026/0001"


def verified(training: Driven, code: str) -> views.Verification:
    found: views.Verification = training.ask(
        "verify_certificate", views.VerifyCertificate(code=code), COORDINATOR
    )
    return found


def test_whoever_has_the_code_sees_what_the_certificate_says_and_nothing_else(
    training: Driven,
) -> None:
    edition = finished(training)
    (one,) = issued(training, edition, ANNA).issued
    certificate = get(training, one.certificate_id)
    found = training.composition.queries.certificates.verify_certificate(
        views.VerifyCertificate(code=certificate.verification_code),
        Act(
            caller=ANYBODY, provenance=act_by(COORDINATOR, "training.verify_certificate").provenance
        ),
    )
    assert (found.valid, found.number, found.holder) == (True, one.number, holder(ANNA).name)
    told = found.model_dump_json()
    for hidden in (ANNA, edition, certificate.id, certificate.edition_code):
        assert str(hidden) not in told
    with pytest.raises(Rejected, match="not_found"):
        verified(training, "A" * 22)


def test_names_are_told_to_those_who_may_see_them_and_that_is_recorded(training: Driven) -> None:
    edition = finished(training)
    (one,) = issued(training, edition, ANNA).issued
    auditor = caller(Role.AUDITOR)
    assert get(training, one.certificate_id, auditor).holder is None
    own = caller(Role.PARTICIPANT).model_copy(update={"participant_id": ANNA})
    assert get(training, one.certificate_id, own).holder == holder(ANNA).name
    strangers = (
        own.model_copy(update={"participant_id": BOLEK}),
        caller(Role.CASEWORKER, partner="stow-inne"),
        trainer(),
    )
    for stranger in strangers:
        with pytest.raises(Rejected, match="not_found"):
            get(training, one.certificate_id, stranger)
        page = training.ask("list_certificates", views.ListCertificates(), stranger)
        assert page.items == ()
    history = training.followed.history
    reads = [
        each.event
        for each in history.read(0, 10_000)
        if type(each.event).__name__ == "PersonalDataRead"
    ]
    assert [(each.actor, each.subjects) for each in reads[-1:]] == [(own.subject, (ANNA,))]


def test_the_printed_certificate_is_the_same_bytes_every_time(training: Driven) -> None:
    edition = finished(training)
    (one,) = issued(training, edition, ANNA).issued
    first, again = (
        training.ask("render_certificate", views.ById(id=one.certificate_id)) for _ in range(2)
    )
    assert first.filename == "zaswiadczenie-TJP-2026-0001.pdf"
    printed = fetched(training, first.file_id)
    assert printed == fetched(training, again.file_id)
    page = PdfReader(BytesIO(printed)).pages[0]
    text = page.extract_text()
    code = get(training, one.certificate_id).verification_code
    for words in ("Żaneta Świerszcz", "Podstawy gastronomii", "Gdańsk, Długa 1", "D0456", code):
        assert words in text
    assert page.annotations is not None
    address = page.annotations[0].get_object()["/A"]["/URI"]
    assert address == f"https://example.org/verify/{code}"


def test_only_an_edition_in_reach_can_be_ordered_and_asked_about(training: Driven) -> None:
    edition = finished(training)
    with pytest.raises(Rejected, match="not_found"):
        order(training, uuid4(), holder(ANNA))
    job = order(training, edition, holder(ANNA))
    with pytest.raises(Rejected, match="not_found"):
        training.composition.issues.get_issue(
            views.ById(id=job),
            act_by(caller(Role.CASEWORKER, partner="stow-inne"), "training.get_issue"),
        )


def test_the_sign_in_list_names_those_enrolled(training: Driven) -> None:
    course(training, [ANNA, BOLEK])
    request = commands.RenderSignInList(
        session_id=UUID(int=0xB000), names={ANNA: PersonName(given_name="Anna", family_name="Żak")}
    )
    document = training.ask("render_sign_in_list", request, trainer())
    (page,) = PdfReader(BytesIO(fetched(training, document.file_id))).pages
    text = page.extract_text()
    assert "Żak Anna" in text
    assert str(BOLEK) in text
    with pytest.raises(Rejected, match="not_found"):
        training.ask("render_sign_in_list", request, trainer(7))
