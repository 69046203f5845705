"""Imports: what a dry run foresees is what the import does."""

from io import BytesIO
from uuid import uuid4

from services.registry.application.importing import ParticipantImport
from services.registry.formats.validation import Terms
from shared.eventstore.acts import Act
from shared.kernel.provenance import Provenance
from tests.registry.conftest import CASEWORKER, Driven
from tests.registry.domain.people import RULES, TODAY

FILE = """Rodzaj;Partner;Data zgłoszenia;Imię;Nazwisko
kadra;mops-gdansk;2026-01-02;Jan;Żak
kadra;mops-sopot;2026-01-02;Ewa;Żak
""".encode()


def test_a_row_of_a_foreign_partner_is_refused_by_dry_run_and_import_alike(
    registry: Driven,
) -> None:
    act = Act(
        caller=CASEWORKER,
        provenance=Provenance(
            actor=CASEWORKER.subject,
            role=min(CASEWORKER.roles),
            partner=CASEWORKER.partner,
            command="registry.start_import",
            command_id=uuid4(),
            correlation_id=uuid4(),
        ),
    )
    terms = Terms("mops-gdansk", TODAY, RULES)
    work = ParticipantImport(
        registry.composition.application, act, BytesIO(FILE), "osoby.csv", terms, lambda _: None
    )
    for tally in (work.rehearse(), work.perform()):
        assert tally.fates == {"created": 1, "rejected": 1}
        (error,) = tally.errors
        assert (error.row, error.code) == (3, "registry.partner_out_of_scope")
