"""Imports: what a dry run foresees is what the import does."""

from io import BytesIO

from services.registry.application.importing import ParticipantImport
from services.registry.formats.validation import Terms
from shared.contracts.access import Role
from shared.contracts.operations import Caller
from tests.driving import CASEWORKER, act_by, caller
from tests.registry.conftest import Driven
from tests.registry.domain.people import RULES, TODAY

HEADER = "Rodzaj;Partner;Data zgłoszenia;Imię;Nazwisko;PESEL"


def work_on(registry: Driven, *rows: str, by: Caller = CASEWORKER) -> ParticipantImport:
    """An import of the rows, for the caller's partner."""
    return ParticipantImport(
        registry.composition.application,
        act_by(by, "registry.start_import"),
        BytesIO("\n".join((HEADER, *rows)).encode()),
        "osoby.csv",
        Terms("mops-gdansk", TODAY, RULES),
        lambda _: None,
    )


def test_a_row_of_a_foreign_partner_is_refused_by_dry_run_and_import_alike(
    registry: Driven,
) -> None:
    work = work_on(
        registry, "kadra;mops-gdansk;2026-01-02;Jan;Żak;", "kadra;mops-sopot;2026-01-02;Ewa;Żak;"
    )
    for tally in (work.rehearse(), work.perform()):
        assert tally.fates == {"created": 1, "rejected": 1}
        (error,) = tally.errors
        assert (error.row, error.code) == (3, "partner_out_of_scope")


def test_a_person_of_another_partner_is_refused_without_a_word_about_either(
    registry: Driven,
) -> None:
    sopot = caller(Role.CASEWORKER, partner="mops-sopot")
    work_on(registry, "kadra;mops-sopot;2026-01-02;Ewa;Żak;85031512344", by=sopot).perform()
    work = work_on(registry, "kadra;;2026-03-04;E.;Ż.;85031512344")
    for tally in (work.rehearse(), work.perform()):
        assert tally.fates == {"rejected": 1}
        (error,) = tally.errors
        assert (error.row, error.code) == (2, "registry.registered_elsewhere")
        told = error.model_dump_json()
        assert not any(word in told for word in ("sopot", "Ewa", "85031512344", "2026-01-02"))
