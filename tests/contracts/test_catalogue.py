"""What was published stays as it was; the documents say what the contracts say."""

import json
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import pytest
from pydantic import Field

from shared.contracts import catalogue
from shared.contracts.events import PublicEvent
from shared.contracts.registry.events import ParticipantEnrolled

EVENTS = [event for name in catalogue.publishers() for event in catalogue.published(name)]


def test_there_are_events() -> None:
    assert "registry" in catalogue.publishers()
    assert ParticipantEnrolled in EVENTS


def test_nothing_published_has_changed() -> None:
    assert catalogue.broken_promises() == []


def test_documents_are_fresh() -> None:
    assert catalogue.stale() == []


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.TYPE)
def test_examples_fit_their_frozen_schemas(event: type[PublicEvent]) -> None:
    schema = json.loads(catalogue.schema_file(event).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    example = json.loads(catalogue.example_file(event).read_text())
    jsonschema.validate(example, schema)


def test_every_channel_of_the_asyncapi_document_is_told_by_its_publisher() -> None:
    document: dict[str, Any] = json.loads((catalogue.DOCS / "asyncapi.json").read_text())
    assert set(document["channels"]) == {event.TYPE for event in EVENTS}
    for operation in document["operations"].values():
        channel = document["channels"][operation["channel"]["$ref"].rpartition("/")[2]]
        binding = channel["bindings"]["amqp"]
        assert binding["exchange"]["name"] == f"{channel['address'].split('.')[0]}.events"
        payload = channel["messages"]["event"]
        jsonschema.validate(payload["examples"][0]["payload"], payload["payload"]["schema"])


class Changed(ParticipantEnrolled):
    """The published event with one field more."""

    TYPE: ClassVar[str] = "registry.participant_enrolled.v1.changed"
    reason: str = ""


@pytest.fixture
def edited(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """`registry.participant_enrolled.v1` as if its class had been edited."""
    for file in catalogue.SCHEMAS.iterdir():
        (tmp_path / file.name).write_text(file.read_text())
    monkeypatch.setattr(catalogue, "SCHEMAS", tmp_path)
    monkeypatch.setattr(catalogue, "published", lambda _: [Changed])
    monkeypatch.setattr(Changed, "TYPE", ParticipantEnrolled.TYPE)
    return tmp_path


def test_an_edited_event_is_found_and_its_frozen_schema_not_overwritten(
    edited: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frozen = edited / f"{ParticipantEnrolled.TYPE}.schema.json"
    before = frozen.read_text()
    assert catalogue.main([]) == 1
    assert "make the change a new version" in capsys.readouterr().out
    assert frozen.read_text() == before


def test_a_removed_event_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = [event for event in EVENTS if event is not ParticipantEnrolled]
    monkeypatch.setattr(catalogue, "published", lambda _: kept)
    (problem,) = catalogue.broken_promises()
    assert problem == f"{ParticipantEnrolled.TYPE} was published and is gone; keep its class"


class Reworded(ParticipantEnrolled):
    """Said better."""

    TYPE: ClassVar[str] = "registry.participant_enrolled.v1.reworded"
    started_on: date = Field(title="First day", description="Of the first support.")


def test_better_words_are_not_a_change() -> None:
    assert catalogue.schema_of(Reworded) != catalogue.schema_of(ParticipantEnrolled)
    assert catalogue.shape_of(Reworded) == catalogue.shape_of(ParticipantEnrolled)
