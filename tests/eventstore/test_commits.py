from datetime import UTC, datetime
from uuid import UUID, uuid4

import bson
import pytest
from eventsourcing.persistence import DataError, IntegrityError, StoredEvent, Tracking

from shared.eventstore import commits
from tests.eventstore.ledgers import event

AT = datetime(2026, 1, 31, 12, 0, 0, 123000, tzinfo=UTC)
AT_MS = 1769860800123


def encoded(*events: StoredEvent, **more: object) -> bytes:
    documents = [commits.event_document(one) for one in events]
    meta = more.get("meta")
    tracking = more.get("tracking")
    assert meta is None or isinstance(meta, dict)
    assert tracking is None or isinstance(tracking, Tracking)
    return commits.encode_body("c1", documents, meta, tracking)


def test_a_numbered_commit_is_the_bson_of_the_whole_document() -> None:
    one, two = event(), event()
    body = encoded(one, two, meta={"actor": "a"}, tracking=Tracking("upstream", 7))
    raw = commits.number(body, first=41, last=42, at=AT_MS).raw
    assert raw == bson.encode(
        {
            "_id": bson.Int64(41),
            "last": bson.Int64(42),
            "at": AT,
            "commit_id": "c1",
            "meta": {"actor": "a"},
            "tracking": {"a": "upstream", "n": 7},
            "e": [commits.event_document(one), commits.event_document(two)],
        }
    )


def test_what_was_encoded_is_decoded() -> None:
    events = [event(), StoredEvent(uuid4(), 3, "topic", b"\xff\x00 not text")]
    body = encoded(*events, meta={"actor": "a"}, tracking=Tracking("upstream", 7))
    raw = commits.number(body, first=41, last=42, at=AT_MS).raw
    document = bson.decode(raw, commits_options())
    commit = commits.decode(document, UUID)
    assert (commit.commit_id, commit.first, commit.last, commit.at) == ("c1", 41, 42, AT)
    assert list(commit.positions) == [41, 42] == [one.id for one in commit.events]
    assert commit.meta == {"actor": "a"}
    assert commit.tracking == Tracking("upstream", 7)
    assert [
        (one.originator_id, one.originator_version, one.topic, one.state) for one in commit.events
    ] == [(one.originator_id, one.originator_version, one.topic, one.state) for one in events]


def commits_options() -> bson.CodecOptions[dict[str, object]]:
    return bson.CodecOptions(tz_aware=True)


@pytest.mark.parametrize("state", ['{"imię":"Żaneta"}'.encode(), b"\x00", b""])
def test_payload_that_is_text_is_stored_as_text_and_read_as_the_same_bytes(state: bytes) -> None:
    document = commits.event_document(event(state=state))
    assert document["d"] == state.decode()
    assert commits.payload_bytes(document["d"]) == state


def test_two_events_of_one_append_may_not_share_stream_and_version() -> None:
    stream = uuid4()
    with pytest.raises(IntegrityError, match="same stream and version"):
        encoded(event(stream, 2), event(stream, 3), event(stream, 2))


def test_an_append_over_the_limit_is_refused_with_its_size_and_the_limit() -> None:
    with pytest.raises(DataError, match=r"is 15,7\d\d,\d\d\d bytes.* 15,728,640 bytes"):
        encoded(event(state=b"x" * commits.LIMIT))


def test_meta_that_is_not_a_document_is_refused() -> None:
    with pytest.raises(DataError, match="cannot be recorded"):
        encoded(event(), meta={"actor": object()})
