"""Certificates and their register: numbers without gaps, one valid document, four eyes."""

from datetime import date
from uuid import UUID

from hypothesis import given as for_all
from hypothesis import strategies as st

from services.training.domain.certificates import (
    Certificate,
    CertificateContent,
    CertificateRegister,
    Completion,
    printed_number,
)
from shared.contracts.training.vocabulary import (
    Hour,
    Outcome,
    Result,
    RevocationReason,
)
from shared.contracts.vocabulary import PersonName
from shared.testing.scenario import Fact, fact, given, rejected

ISSUED_ON = date(2026, 5, 4)
LATER = date(2026, 6, 1)
ANNA = UUID("00000000-0000-4000-8000-00000000000a")
NAME = PersonName(given_name="Żaneta", family_name="Świerszcz")
CONTENT = CertificateContent(
    programme_code="PS-01",
    title_pl="Przedsiębiorstwo społeczne",
    title_en="Social enterprise",
    result=Result.COMPETENCE,
    outcomes=(Outcome(code="E1", text="sporządza biznesplan"),),
    edition_id=UUID(int=3),
    edition_code="PS/2026/1",
    partner="fundacja-prog",
    place="Kielce",
    first_day=date(2026, 2, 2),
    last_day=date(2026, 4, 24),
    hour=Hour.DIDACTIC,
    attended_minutes=2609,
    planned_minutes=2700,
)
COMPLETION = Completion(stream=UUID(int=4), version=7)
CODE = "x7Kp2mQvT9aLr4WzYc8NbA"


def issued(by: str = "coordinator-1") -> Fact:
    return fact(
        Certificate.Issued,
        occurred_on=ISSUED_ON,
        number="TJP/2026/0001",
        participant_id=ANNA,
        holder=NAME,
        content=CONTENT,
        completion=COMPLETION,
        verification_code=CODE,
        issued_by=by,
    )


def revoked() -> Fact:
    return fact(
        Certificate.Revoked,
        occurred_on=LATER,
        participant_id=ANNA,
        number="TJP/2026/0001",
        reason=RevocationReason.WRONG_CONTENT,
        justification="Błąd w nazwisku",
        decided_by="coordinator-2",
    )


def issue(certificate: Certificate) -> None:
    certificate.issue(
        "TJP/2026/0001",
        participant_id=ANNA,
        holder=NAME,
        content=CONTENT,
        completion=COMPLETION,
        verification_code=CODE,
        on=ISSUED_ON,
        by="coordinator-1",
    )


def revoke(certificate: Certificate, by: str = "coordinator-2", on: date = LATER) -> None:
    certificate.revoke(RevocationReason.WRONG_CONTENT, "Błąd w nazwisku", on=on, by=by)


def test_a_certificate_says_what_it_was_issued_with() -> None:
    given(Certificate).when(issue).then(issued())


def test_a_certificate_is_issued_once() -> None:
    given(Certificate, issued()).when(issue).then(
        rejected("training.certificate_exists", {"number": "TJP/2026/0001"})
    )


def test_another_person_revokes() -> None:
    given(Certificate, issued()).when(revoke).then(revoked())
    given(Certificate, issued()).when(lambda c: revoke(c, by="coordinator-1")).then(
        rejected("four_eyes")
    )


def test_a_certificate_is_revoked_once_and_not_before_it_was_issued() -> None:
    given(Certificate, issued(), revoked()).when(revoke).then(
        rejected("training.certificate_revoked", {"revoked_on": "2026-06-01"})
    )
    given(Certificate, issued()).when(lambda c: revoke(c, on=date(2026, 5, 3))).then(
        rejected("date_too_early", {"not_before": "2026-05-04"}, pointer="/revoked_on")
    )
    given(Certificate).when(revoke).then(rejected("not_found"))


def test_it_is_valid_from_issue_to_revocation() -> None:
    assert not given(Certificate).aggregate().valid
    assert given(Certificate, issued()).aggregate().valid
    assert not given(Certificate, issued(), revoked()).aggregate().valid


def test_the_person_it_is_about_holds_the_keys_of_its_name_and_of_the_reasons() -> None:
    for event in (issued(), revoked()):
        assert event.at(UUID(int=9), 1).subject == ANNA


def test_hours_are_rounded_down() -> None:
    assert (CONTENT.hours, CONTENT.planned_hours) == (57, 60)


def test_the_register_goes_on_from_its_last_number() -> None:
    first, second = UUID(int=1), UUID(int=2)
    entered = fact(
        CertificateRegister.Entered, occurred_on=ISSUED_ON, number=1, certificate_id=first
    )
    given(CertificateRegister, entered).when(
        lambda register: register.enter(second, on=LATER)
    ).then(fact(CertificateRegister.Entered, occurred_on=LATER, number=2, certificate_id=second))
    assert printed_number("TJP", 2026, 2) == "TJP/2026/0002"


class Ledger:
    """Refuses, as the real one does, an event that is not the next one of its stream."""

    def __init__(self) -> None:
        self.recorded: list[CertificateRegister.Entered] = []

    def load(self) -> CertificateRegister:
        register = CertificateRegister(UUID(int=2026))
        for event in self.recorded:
            event.mutate(register)
        return register

    def record(self, register: CertificateRegister) -> bool:
        events = [e for e in register.collect_events() if isinstance(e, register.Entered)]
        if any(e.originator_version <= len(self.recorded) for e in events):
            return False
        self.recorded += events
        return True


@for_all(st.lists(st.tuples(st.sampled_from(["load", "record"]), st.integers(0, 4)), max_size=80))
def test_numbers_have_no_gaps_however_those_who_issue_interleave(
    steps: list[tuple[str, int]],
) -> None:
    """Five clerks load the register and record a number when they please, on what they saw."""
    ledger, seen, given_out = Ledger(), dict[int, CertificateRegister](), list[int]()
    for place, (step, clerk) in enumerate(steps):
        if step == "load":
            seen[clerk] = ledger.load()
        elif register := seen.pop(clerk, None):
            number = register.enter(UUID(int=place), on=ISSUED_ON)
            if ledger.record(register):
                given_out.append(number)
    assert given_out == list(range(1, len(given_out) + 1))
    assert [event.number for event in ledger.recorded] == given_out
