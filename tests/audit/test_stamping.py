"""An authority's word about a checkpoint is taken when it verifies, and what it fails to say stops nothing."""

import random
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography.x509 import Certificate
from cryptography.x509.oid import ExtendedKeyUsageOID

from services.audit.application.stamping import AuthorityFailed, Stamping, over_http
from services.audit.bootstrap import authorities
from services.audit.domain.checkpoint import SignedCheckpoint, checkpoint_id
from services.audit.formats.verifier import stamps
from services.audit.formats.verifier.texts import Refused
from shared.contracts.audit.vocabulary import Fault
from shared.eventstore.transparency.note import NoteRefused
from shared.eventstore.transparency.timestamp import REPLY, request, stamped_at
from shared.runtime.settings import Unconfigured
from tests.audit.authority import Authority
from tests.audit.conftest import Auditing
from tests.audit.packing import changed, key_of, packed, verified
from tests.audit.test_verifying import faults_of

TEXT = "example.org/test/audit\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made(tmp_path_factory.mktemp("tsa") / "a")


@pytest.mark.parametrize("elliptic", [False, True])
def test_both_verifiers_take_what_is_right_and_refuse_the_rest(
    tmp_path: Path, *, elliptic: bool
) -> None:
    here, other = (Authority.made(tmp_path / name, elliptic=elliptic) for name in "ab")
    wrong_use = Authority.made(
        tmp_path / "c", elliptic=elliptic, usage=ExtendedKeyUsageOID.CODE_SIGNING
    )
    asked = request(TEXT)
    response = here.answer(asked.as_bytes())
    at = stamped_at(response, TEXT, [here.root], asked.nonce)
    assert stamps.stamped_at(response, TEXT.encode(), [here.root]) == at.replace(microsecond=0)
    assert stamps.stamped_at(response, TEXT.encode(), [other.root, here.signer]) <= at
    for text, roots in ((TEXT.replace("7", "8"), [here.root]), (TEXT, [other.root]), (TEXT, [])):
        refused(response, text, roots)
    with pytest.raises(NoteRefused):
        stamped_at(response, TEXT, [here.root], 12345)
    with pytest.raises(Exception, match="openssl"):  # it does not stamp with such a certificate
        wrong_use.answer(asked.as_bytes())
    lot = random.Random(elliptic)
    for _ in range(300):
        at_ = lot.randrange(len(response))
        flipped = (
            response[:at_] + bytes([response[at_] ^ (1 << lot.randrange(8))]) + response[at_ + 1 :]
        )
        cut = response[: lot.randrange(len(response))]
        for bad in (flipped, cut, response + b"\0"):
            try:
                found = stamps.stamped_at(bad, TEXT.encode(), [here.root])
            except Refused:
                continue
            assert found == at.replace(
                microsecond=0
            )  # an unsigned byte: a certificate beside, a tag


def refused(response: bytes, text: str, roots: list[Certificate]) -> None:
    with pytest.raises(NoteRefused):
        stamped_at(response, text, roots)
    with pytest.raises(Refused):
        stamps.stamped_at(response, text.encode(), roots)


def test_a_checkpoint_is_stamped_once_and_both_verifications_read_it(
    auditing: Auditing, authority: Authority, tmp_path: Path
) -> None:
    auditing.append(3)
    auditing.rounds().round()
    stamping = Stamping(auditing.audit(), authority.answer, [authority.root], 60)
    assert stamping.stamp()
    assert stamping.stamp()
    size = auditing.log("audit").size
    checkpoint = auditing.audit().load(SignedCheckpoint, checkpoint_id("audit", size))
    assert checkpoint.stamped_at
    assert checkpoint.version == 2
    pack, key = packed(auditing), key_of(auditing)
    found = verified(pack, tmp_path, key, authorities=(authority.root,))
    assert not found.faults.first
    assert (
        f"audit: {size} events existed at {checkpoint.stamped_at:%Y-%m-%dT%H:%M:%SZ}" in found.said
    )
    other = Authority.made(tmp_path / "other")
    found = verified(pack, tmp_path, key, authorities=(other.root,))
    assert ("timestamps.ndjson", "time stamp by nobody who is trusted") in found.faults.first
    moved = changed(
        pack, {"timestamps.ndjson": lambda all_: all_.replace(b'"size":1', b'"size":2')}
    )
    found = verified(moved, tmp_path, key, authorities=(authority.root,))
    assert ("timestamps.ndjson", "time stamp of another checkpoint") in found.faults.first
    trusting(auditing, authority)
    assert faults_of(auditing) == {}
    trusting(auditing, other)
    assert list(faults_of(auditing)) == [("audit", Fault.SIGNATURE)]


def trusting(auditing: Auditing, authority: Authority) -> None:
    update = {"timestamp_roots": authority.folder / "root.pem"}
    auditing.settings = auditing.settings.model_copy(update=update)


def test_an_authority_that_fails_stops_nothing(auditing: Auditing, authority: Authority) -> None:
    auditing.append(3)
    auditing.rounds().round()

    def unreachable(_query: bytes) -> bytes:
        raise AuthorityFailed("the authority did not answer: ConnectError")

    stamping = Stamping(auditing.audit(), unreachable, [authority.root], 60)
    for answer in (unreachable, lambda _: b"", lambda _: b"\x30\x80" * 9, lambda _: bytes(99_999)):
        stamping.ask = answer
        assert not stamping.stamp()
        assert stamping.details()["time stamps"] != "as wanted"
        auditing.append(1)
        auditing.rounds().round()
    assert auditing.log().size == 7
    stamping.ask = authority.answer
    assert stamping.stamp()
    assert stamping.details()["time stamps"] == "as wanted"


def served(answer: Callable[[bytes], tuple[int, str, bytes]]) -> HTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            status, kind, body = answer(query)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def test_over_http_only_a_short_answer_of_the_right_kind_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.audit.application.stamping.TIMEOUT", 0.3)
    answers = iter(
        [
            (200, REPLY, b"abc"),
            (500, REPLY, b""),
            (200, "text/html", b""),
            (200, REPLY, bytes(70_000)),
        ]
    )

    def next_answer(_: bytes) -> tuple[int, str, bytes]:
        found = next(answers, None)
        if found is None:
            time.sleep(1)
        return found or (200, REPLY, b"late")

    server = served(next_answer)
    ask = over_http(f"http://127.0.0.1:{server.server_port}")
    assert ask(b"?") == b"abc"
    for _ in range(4):
        with pytest.raises(AuthorityFailed):
            ask(b"?")
    server.shutdown()
    server.server_close()
    with pytest.raises(AuthorityFailed):
        ask(b"?")


def test_an_authority_without_certificates_is_no_setting(
    auditing: Auditing, tmp_path: Path
) -> None:
    assert authorities(auditing.settings) == []
    for file in (None, tmp_path / "nothing"):
        update = {"timestamp_url": "http://127.0.0.1:1", "timestamp_roots": file}
        with pytest.raises(Unconfigured, match="AUDIT_TIMESTAMP_ROOTS"):
            authorities(auditing.settings.model_copy(update=update))
