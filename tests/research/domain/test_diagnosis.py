"""A diagnosis goes from one pair of hands to another before anybody reads it."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.research.domain.diagnosis import Diagnosis
from services.research.publishing import publish
from shared.contracts.research.events import DiagnosisPublished, NeedOfCommune
from shared.contracts.research.vocabulary.diagnoses import (
    CommuneNeed,
    Contents,
    DiagnosisState,
    Edition,
    NeedIndex,
)
from shared.contracts.research.vocabulary.tables import Label
from shared.kernel.errors import Rejected

ON = date(2026, 3, 1)
LATER = date(2026, 3, 9)
ANNA, BOLEK = "anna", "bolek"
NEED = CommuneNeed(teryt="2611011", index=Decimal(40), rank=1, contributions=())


def contents(version: int = 1, code: str = "DIAG/2026/1") -> Contents:
    return Contents(
        code=code,
        report_version=version,
        study_id=UUID(int=1),
        title=Label(pl="Potrzeby powiatu", en="Needs of the county"),
        summary_pl="Brakuje opieki.",
        summary_en="Care is missed.",
        territory=("2611011",),
        as_of=12,
        releases=(UUID(int=2),),
        need=NeedIndex(definition="POTRZEBY", version=1, year=2025, communes=(NEED,)),
    )


def edition() -> Edition:
    return Edition.model_validate(
        {
            "licence": "CC-BY-4.0",
            "publisher": {
                "name": {"pl": "Partnerstwo", "en": "Partnership"},
                "homepage": "https://example.org/",
                "contact_name": "Biuro",
                "contact_email": "biuro@example.org",
            },
            "keywords_pl": ["potrzeby"],
            "keywords_en": ["needs"],
            "first_day": "2026-01-02",
            "last_day": "2026-02-02",
            "method_pl": "Ankieta.",
            "method_en": "A survey.",
            "project": "D0456",
            "funding": {"pl": "EFS", "en": "ESF"},
            "address": "https://example.org/diagnoses/1",
            "files": [
                {
                    "name": "report.pdf",
                    "media_type": "application/pdf",
                    "digest": "0" * 64,
                    "size": 9,
                }
            ],
        }
    )


def composed(version: int = 1, code: str = "DIAG/2026/1") -> Diagnosis:
    diagnosis = Diagnosis(UUID(int=100 + version))
    diagnosis.compose(contents(version, code), on=ON, today=LATER, by=ANNA)
    return diagnosis


def published(version: int = 1) -> Diagnosis:
    diagnosis = composed(version)
    diagnosis.approve(on=ON, today=LATER, by=BOLEK)
    diagnosis.publish(edition(), {}, on=ON, today=LATER, by=ANNA)
    return diagnosis


def test_from_the_first_draft_to_the_next_version() -> None:
    first, second = published(1), published(2)
    first.supersede(second, on=LATER, today=LATER)
    assert [event.TOPIC.rpartition(".")[2] for event in first.collect_events()] == [
        "Composed",
        "Approved",
        "Published",
        "Superseded",
    ]
    assert first.state is DiagnosisState.SUPERSEDED
    assert second.state is DiagnosisState.PUBLISHED
    assert second.published is not None
    assert second.published.edition == edition()


def test_others_are_told_of_the_need_index_when_it_is_published() -> None:
    *_, event = published().collect_events()
    assert isinstance(event, Diagnosis.Published)
    told = publish(event)
    assert isinstance(told, DiagnosisPublished)
    assert (told.number, told.version, told.index_code) == ("DIAG/2026/1", 1, "POTRZEBY")
    assert told.indices == (NeedOfCommune(teryt="2611011", value="40"),)
    assert told.subject == told.diagnosis_id == UUID(int=101)


def test_who_composed_does_not_approve() -> None:
    diagnosis = composed()
    with pytest.raises(Rejected, match="four_eyes"):
        diagnosis.approve(on=ON, today=LATER, by=ANNA)
    assert diagnosis.state is DiagnosisState.COMPOSED


def test_nothing_is_published_before_it_is_approved_nor_twice() -> None:
    diagnosis = composed()
    with pytest.raises(Rejected, match="diagnosis_state"):
        diagnosis.publish(edition(), {}, on=ON, today=LATER, by=ANNA)
    done = published()
    with pytest.raises(Rejected, match="diagnosis_state"):
        done.publish(edition(), {}, on=ON, today=LATER, by=ANNA)
    with pytest.raises(Rejected, match="diagnosis_state"):
        done.approve(on=ON, today=LATER, by=BOLEK)


def test_a_version_is_composed_once() -> None:
    with pytest.raises(Rejected, match="report_version_taken"):
        composed().compose(contents(), on=ON, today=LATER, by=BOLEK)


def test_only_a_later_version_of_the_same_report_supersedes() -> None:
    with pytest.raises(Rejected, match="not_a_later_version"):
        published(2).supersede(published(1), on=LATER, today=LATER)
    with pytest.raises(Rejected, match="not_a_later_version"):
        published(1).supersede(composed(2, "DIAG/2026/2"), on=LATER, today=LATER)
    with pytest.raises(Rejected, match="diagnosis_state"):
        composed(1).supersede(published(2), on=LATER, today=LATER)


def test_days_come_one_after_another() -> None:
    diagnosis = Diagnosis(UUID(int=1))
    with pytest.raises(Rejected, match="date_in_future"):
        diagnosis.compose(contents(), on=LATER, today=ON, by=ANNA)
    diagnosis.compose(contents(), on=LATER, today=LATER, by=ANNA)
    with pytest.raises(Rejected, match="date_too_early"):
        diagnosis.approve(on=ON, today=LATER, by=BOLEK)


def test_the_need_index_is_that_of_the_territory() -> None:
    told = contents().model_dump() | {"territory": ("2611022",)}
    with pytest.raises(ValidationError, match="territory"):
        Contents.model_validate(told)
