"""Whatever a pack holds, the verifier names what is wrong with it or refuses it; it never fails, and it
takes no other history than the one that was signed.
"""

import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.audit.formats.verifier.__main__ import Found, Trust, verify
from services.audit.formats.verifier.disclosures import Disclosure
from services.audit.formats.verifier.reports import Line
from services.audit.formats.verifier.stamps import der, stamped_at
from services.audit.formats.verifier.texts import Checkpoint, Key, Note, Refused, parse_json
from tests.audit.made import REPORT, TRUSTED, again, files_of, made
from tests.eventstore.transparency.test_fuzzing import anything, changed

EVIDENCE = tuple(name for name in files_of(made()) if name.startswith("logs/"))
REPORTS = tuple(name for name in files_of(made()) if name.startswith("reports/"))
ABOUT = (*EVIDENCE, *REPORTS, "pack.json", "timestamps.ndjson")
QUICK = [HealthCheck.too_slow]


def found(pack: bytes) -> Found | None:
    """Nothing for what is refused as a whole."""
    try:
        return verify(io.BytesIO(pack), Trust(keys=(TRUSTED,)))
    except Refused:
        return None


def events(files: dict[str, bytes]) -> list[object]:
    """What is said to have happened, however it is spelled."""
    said: list[object] = [files[name] for name in EVIDENCE if name.endswith("hashes")]
    for name in EVIDENCE:
        if name.endswith(".ndjson"):
            said += [json.loads(line) for line in files[name].splitlines()]
        if name.endswith("checkpoint"):
            said.append(Note.parse(files[name]).text)
    return said


def test_the_pack_that_is_changed_here_verifies() -> None:
    result = found(made())
    assert result is not None
    assert result.faults.first == {}
    assert result.said == [
        "audit: 9 events, 1 to 9 in the pack, 1 checkpoints",
        "registry: 11 events, 1 to 11 in the pack, 2 checkpoints",
        "reporting: 3 events, 1 to 3 in the pack, 1 checkpoints",
    ]
    assert result.lines == [Line(str(REPORT), "LOANS", 10_000, 10_000)]
    assert again(files_of(made())) == made()


def changed_archive(data: bytes) -> None:
    result = found(data)
    if result is not None and not result.faults.first:
        assert files_of(data) == files_of(made())  # a byte of the archive that means nothing


def changed_file(name: str, content: bytes) -> None:
    """By somebody who has the key and signs a manifest that fits."""
    files = files_of(made()) | {name: content}
    result = found(again(files))
    if result is not None and not result.faults.first:
        assert events(files) == events(files_of(made()))


@settings(max_examples=120, suppress_health_check=QUICK, deadline=None)
@given(changed(made()))
def test_a_changed_archive_is_refused_or_has_the_same_files(data: bytes) -> None:
    changed_archive(data)


@settings(max_examples=150, suppress_health_check=QUICK, deadline=None)
@given(st.data())
def test_a_changed_file_tells_no_other_history(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(ABOUT))
    changed_file(name, data.draw(changed(files_of(made())[name])))


@settings(max_examples=150)
@given(anything)
def test_the_readers_of_the_verifier_refuse_what_they_cannot_read(data: bytes) -> None:
    text = data.decode(errors="replace")
    for reader in (
        lambda: Note.parse(data),
        lambda: Checkpoint.parse(text),
        lambda: Key.parse(text),
        lambda: parse_json(data),
        lambda: der(data),
        lambda: stamped_at(data, b"x", []),
        lambda: Disclosure(data).verified(),
    ):
        try:
            reader()
        except Refused:
            continue


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=200, suppress_health_check=QUICK, deadline=None)
@given(st.data())
def test_other_values_in_the_right_places_break_nothing(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([each for each in ABOUT if "json" in each]))
    lines = files_of(made())[name].splitlines() or [b"{}"]
    at = data.draw(st.integers(0, len(lines) - 1))
    lines[at] = replaced(json.loads(lines[at]), data)
    changed_file(name, b"\n".join(lines) + (b"\n" if name.endswith(".ndjson") else b""))


def replaced(document: dict[str, object], data: st.DataObject) -> bytes:
    """One member, or one of the leaf's, is something else."""
    whole = document
    if "leaf" in document and data.draw(st.booleans()):
        document = json.loads(str(document["leaf"]))
        inner = document["commit"] if data.draw(st.booleans()) else document
        assert isinstance(inner, dict)
        inner[data.draw(st.sampled_from(sorted(inner)))] = data.draw(values)
        whole["leaf"] = json.dumps(document, ensure_ascii=False)
    else:
        key = data.draw(st.sampled_from(sorted(document) or ["ledger"]))
        document[key] = data.draw(values)
    return json.dumps(whole, ensure_ascii=False).encode(errors="replace")


@pytest.mark.soak
@pytest.mark.timeout(3600)
@settings(max_examples=20_000, suppress_health_check=QUICK, deadline=None)
@given(st.data())
def test_many_changes_tell_no_other_history(data: st.DataObject) -> None:
    changed_archive(data.draw(changed(made())))
    name = data.draw(st.sampled_from(ABOUT))
    changed_file(name, data.draw(changed(files_of(made())[name])))
