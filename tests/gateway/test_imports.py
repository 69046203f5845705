"""Files go to the file store piece by piece; the service gets a claim check."""

import base64
import time

import httpx
import pytest

from gateway import uploads
from gateway.requests import XLSX
from shared.contracts.access import Role
from shared.runtime import files
from shared.runtime.development.rabbitmq import BrokerServer
from shared.runtime.development.servers import free_ports
from shared.runtime.files import FileStore
from tests.gateway.conftest import Gateway, Served, build, command_headers
from tests.gateway.responder import EXAMPLES, example_reply
from tests.gateway.tokens import Issuer

FIELDS = {"partner": "stowarzyszenie-a", "dry_run": "true", "mode": "good_rows"}
CSV = b"imie;nazwisko\nAnna;Przyk\xc5\x82adowa\n"
JOB = EXAMPLES["get_import"]["request"]["id"]


def upload(client: httpx.Client, **parts: object) -> httpx.Response:
    options = {"data": FIELDS, "files": {"file": ("uczestnicy.csv", CSV)}} | parts
    return client.post("/imports", headers=command_headers(None), **options)  # type: ignore[arg-type]


def stored(gateway: Gateway) -> int:
    return gateway.store._database["fs.files"].count_documents({})


def content(gateway: Gateway, file_id: str) -> bytes:
    return b"".join(gateway.store.open(file_id).chunks())


def test_an_upload_is_stored_whole_and_its_import_started(
    gateway: Gateway, coordinator: httpx.Client
) -> None:
    response = upload(coordinator)
    assert (response.status_code, response.json()) == (202, {"id": JOB})
    assert response.headers["Location"] == f"/imports/{JOB}"
    call = gateway.service.last("start_import")
    payload = call["payload"]
    assert content(gateway, payload["file_id"]) == CSV
    del payload["file_id"]
    assert payload == {**FIELDS, "dry_run": True, "filename": "uczestnicy.csv"}
    assert call["command_id"] is not None


def test_the_template_is_given_to_those_who_may_import(
    gateway: Gateway, coordinator: httpx.Client
) -> None:
    response = coordinator.get("/imports/template")
    assert (response.status_code, response.content) == (200, b"PK\x03\x04")
    assert response.headers["Content-Type"] == XLSX
    assert response.headers["Content-Disposition"] == 'attachment; filename="uczestnicy.xlsx"'
    with gateway.client(Role.TRAINER) as trainer:
        assert trainer.get("/imports/template").status_code == 403


def test_fields_may_follow_the_file(gateway: Gateway, coordinator: httpx.Client) -> None:
    parts = {"file": ("a.csv", CSV)} | {name: (None, value) for name, value in FIELDS.items()}
    assert upload(coordinator, data=None, files=parts).status_code == 202
    assert gateway.service.last("start_import")["payload"]["mode"] == "good_rows"


def test_a_file_of_many_pieces_arrives_whole(gateway: Gateway, coordinator: httpx.Client) -> None:
    sent = bytes(range(256)) * 20_000 + b"\r\n--almost a boundary\r\n"
    assert upload(coordinator, files={"file": ("a.xlsx", sent)}).status_code == 202
    assert content(gateway, gateway.service.last("start_import")["payload"]["file_id"]) == sent


def test_a_key_is_required(gateway: Gateway, coordinator: httpx.Client) -> None:
    response = coordinator.post("/imports", data=FIELDS, files={"file": ("a.csv", CSV)})
    assert response.json()["code"] == "idempotency_key_missing"
    assert gateway.service.calls == []


def test_a_file_over_the_limit_is_refused_and_not_kept(
    gateway: Gateway, coordinator: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_UPLOAD", 300_000)
    before = stored(gateway)
    declared = upload(coordinator, files={"file": ("a.csv", b"x" * 400_000)})
    assert (declared.status_code, declared.json()["code"]) == (413, "body_too_large")
    request = coordinator.build_request(
        "POST", "/imports", data=FIELDS, files={"file": ("a.csv", b"x" * 400_000)}
    )
    body = request.read()
    streamed = coordinator.post(
        "/imports",
        content=(body[start : start + 10_000] for start in range(0, len(body), 10_000)),
        headers=command_headers(None) | {"Content-Type": request.headers["Content-Type"]},
    )
    assert (streamed.status_code, streamed.json()["code"]) == (413, "body_too_large")
    assert stored(gateway) == before
    assert gateway.service.calls == []


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"partner": "stowarzyszenie-a"}, "/dry_run"),
        (FIELDS | {"dry_run": "perhaps"}, "/dry_run"),
        (FIELDS | {"mode": "some_rows"}, "/mode"),
        (FIELDS | {"partner": "A B"}, "/partner"),
        (FIELDS | {"colour": "red"}, "/colour"),
    ],
)
def test_a_wrong_field_is_named(
    gateway: Gateway, coordinator: httpx.Client, fields: dict[str, str], pointer: str
) -> None:
    response = upload(coordinator, data=fields)
    assert (response.status_code, response.json()["code"]) == (422, "invalid")
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
    assert gateway.service.calls == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no form at all",
        b"--x\r\n\r\n",
        b'--x\r\nContent-Disposition: form-data; name="partner"\r\n\r\na\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nbroken off',
        b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nno filename\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="other"; filename="a"\r\n\r\nb\r\n--x--\r\n',
        2 * b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nb\r\n'
        + b"--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; name="mode"\r\n\r\n' + b"x" * 2_000 + b"\r\n--x--",
        b"--x\r\nContent-Disposition: " + b"y" * 5_000 + b"\r\n\r\nb\r\n--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; name="mode"\r\n\r\n\xff\r\n--x--\r\n',
    ],
)
def test_a_form_that_is_none_is_refused_whole(
    gateway: Gateway, coordinator: httpx.Client, body: bytes
) -> None:
    before = stored(gateway)
    headers = command_headers(None) | {"Content-Type": "multipart/form-data; boundary=x"}
    response = coordinator.post("/imports", content=body, headers=headers)
    assert (response.status_code, response.json()["code"]) == (400, "upload_invalid")
    assert gateway.service.calls == []
    assert stored(gateway) <= before + 1  # a second file in one form: the first one expires


@pytest.mark.parametrize("media_type", ["multipart/form-data", "multipart/form-data; boundary="])
def test_a_form_without_a_boundary_is_refused(coordinator: httpx.Client, media_type: str) -> None:
    headers = command_headers(None) | {"Content-Type": media_type}
    response = coordinator.post("/imports", content=b"--x", headers=headers)
    assert (response.status_code, response.json()["code"]) == (400, "upload_invalid")


def test_the_annotated_file_comes_back_as_it_is(
    gateway: Gateway, coordinator: httpx.Client
) -> None:
    made = bytes(range(256)) * 2_000
    with gateway.store.create(name="annotated.xlsx", content_type="xlsx") as writer:
        writer.write(made)
        file_id = writer.finish()
    job = example_reply("get_import") | {"annotated_file_id": file_id}
    gateway.service.answers["get_import"] = lambda _: job
    response = coordinator.get(f"/imports/{JOB}/annotated.xlsx")
    assert (response.status_code, response.content) == (200, made)
    assert response.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert response.headers["Content-Disposition"] == f'attachment; filename="import-{JOB}.xlsx"'
    assert response.headers["Cache-Control"] == "no-store"
    assert gateway.service.last("get_import")["payload"] == {"id": JOB}


@pytest.mark.parametrize("file_id", [None, "expired"])
def test_a_file_that_is_not_there_is_404(
    gateway: Gateway, coordinator: httpx.Client, file_id: str | None
) -> None:
    job = example_reply("get_import") | {"annotated_file_id": file_id}
    gateway.service.answers["get_import"] = lambda _: job
    response = coordinator.get(f"/imports/{JOB}/annotated.xlsx")
    assert (response.status_code, response.json()["code"]) == (404, "file_unknown")


def test_a_file_store_that_is_down_is_told_in_time(
    broker: BrokerServer, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "CALL_SECONDS", 1.0)
    (port,) = free_ports(1)
    key = base64.b64encode(bytes(32)).decode()
    store = FileStore.connect(f"mongodb://127.0.0.1:{port}/files", key)
    served = Served(build(broker.uri, issuer, store))
    headers = {"Authorization": f"Bearer {issuer.token(Role.COORDINATOR)}"}
    with httpx.Client(base_url=served.url, headers=headers, timeout=30) as client:
        start = time.monotonic()
        response = upload(client)
    assert time.monotonic() - start < 10
    assert (response.status_code, response.json()["code"]) == (503, "files_unavailable")
    assert response.headers["Retry-After"] == "5"
    served.stop()
    store.close()
