"""Documents of training: names go in at the edge, files come out of the store."""

import json
from typing import Any

import httpx
import pytest

from gateway import names
from shared.contracts.access import Role
from shared.contracts.training.commands import Holder
from shared.kernel.errors import Rejected
from tests.gateway.conftest import Gateway, command_headers
from tests.gateway.responder import EXAMPLES, SILENCE, example_reply
from tests.gateway.test_names import nameless

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 2_000
SESSION = EXAMPLES["get_session"]["request"]["id"]
EDITION = EXAMPLES["get_edition"]["request"]["id"]
CERTIFICATE = EXAMPLES["get_certificate"]["request"]["id"]
JOB = EXAMPLES["issue_certificates"]["reply"]["id"]
ANNA, MAREK, TERESA = EXAMPLES["name_participants"]["request"]["ids"]
LIST = f"/sessions/{SESSION}/sign-in-list.pdf"
ISSUE = f"/editions/{EDITION}/certificates"


def name_of(participant: str) -> dict[str, str]:
    items = EXAMPLES["name_participants"]["reply"]["items"]
    (found,) = (item for item in items if item["id"] == participant)
    return {part: found[part] for part in ("given_name", "family_name")}


def rendered(gateway: Gateway, operation: str, filename: str) -> None:
    """Have the operation answer with a file that is in the store."""
    with gateway.store.create(name=filename, content_type="application/pdf") as writer:
        writer.write(PDF)
        reply = {"file_id": writer.finish(), "filename": filename}
    gateway.service.answers[operation] = lambda _: reply


def silent(_: Any) -> Any:
    return SILENCE


def test_a_certificate_comes_out_of_the_store_under_a_plain_name(
    gateway: Gateway, coordinator: httpx.Client
) -> None:
    rendered(gateway, "render_certificate", 'TJP/2006/"ż".pdf')
    response = coordinator.get(f"/certificates/{CERTIFICATE}/document.pdf")
    assert (response.status_code, response.content) == (200, PDF)
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'attachment; filename="TJP-2006-.pdf"'
    assert gateway.service.last("render_certificate")["payload"] == {"id": CERTIFICATE}


def test_a_certificate_of_aid_comes_out_of_the_store(
    gateway: Gateway, coordinator: httpx.Client
) -> None:
    aid = EXAMPLES["get_aid_certificate"]["request"]["id"]
    rendered(gateway, "render_aid_certificate", "DM/2026/1.pdf")
    response = coordinator.get(f"/aid/{aid}/certificate.pdf")
    assert (response.status_code, response.content) == (200, PDF)
    assert response.headers["Content-Disposition"] == 'attachment; filename="DM-2026-1.pdf"'
    assert gateway.service.last("render_aid_certificate")["payload"] == {"id": aid}


def test_a_document_that_has_expired_is_404(gateway: Gateway, coordinator: httpx.Client) -> None:
    response = coordinator.get(f"/certificates/{CERTIFICATE}/document.pdf")
    assert (response.status_code, response.json()["code"]) == (404, "file_unknown")


def test_a_sign_in_list_is_rendered_with_the_names_of_those_on_it(gateway: Gateway) -> None:
    gateway.service.answers["get_session"] = lambda _: nameless(example_reply("get_session"))
    rendered(gateway, "render_sign_in_list", "OPIEKUN-1.pdf")
    with gateway.client(Role.TRAINER) as trainer:
        response = trainer.get(LIST, params={"at_least": 17})
    assert (response.status_code, response.content) == (200, PDF)
    assert response.headers[names.HEADER] == "joined"
    assert gateway.service.last("get_session")["at_least"] == 17
    assert gateway.service.last("render_sign_in_list")["payload"] == {
        "session_id": SESSION,
        "names": {ANNA: name_of(ANNA), TERESA: name_of(TERESA)},
    }


def test_a_sign_in_list_is_printed_also_when_the_registry_is_silent(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "SECONDS", 0.3)
    gateway.service.answers["get_session"] = lambda _: nameless(example_reply("get_session"))
    gateway.service.answers["name_participants"] = silent
    rendered(gateway, "render_sign_in_list", "OPIEKUN-1.pdf")
    with gateway.client(Role.TRAINER) as trainer:
        response = trainer.get(LIST)
    assert (response.status_code, response.headers[names.HEADER]) == (200, "unavailable")
    assert gateway.service.last("render_sign_in_list")["payload"]["names"] == {}


def test_a_session_out_of_reach_is_not_rendered(gateway: Gateway) -> None:
    def unseen(_: Any) -> None:
        raise Rejected("not_found", {"id": SESSION})

    gateway.service.answers["get_session"] = unseen
    with gateway.client(Role.TRAINER) as trainer:
        response = trainer.get(LIST)
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert [name for name, _ in gateway.service.calls] == ["get_session"]


def issue(client: httpx.Client, **body: Any) -> httpx.Response:
    document = {"issued_on": "2006-03-31"} | body
    return client.post(ISSUE, json=document, headers=command_headers(None))


def holders(gateway: Gateway) -> list[Holder]:
    file_id = gateway.service.last("issue_certificates")["payload"]["holders_file"]
    content = json.loads(b"".join(gateway.store.open(file_id).chunks()))
    return [Holder.model_validate(each) for each in content]


def test_certificates_are_issued_to_everybody_who_was_on_the_course_to_its_end(
    gateway: Gateway, coordinator: httpx.Client
) -> None:
    response = issue(coordinator)
    assert (response.status_code, response.json()) == (202, {"id": JOB})
    assert response.headers["Location"] == f"/certificates/issues/{JOB}"
    call = gateway.service.last("issue_certificates")
    assert call["command_id"] is not None
    assert {name: call["payload"][name] for name in ("edition_id", "issued_on")} == {
        "edition_id": EDITION,
        "issued_on": "2006-03-31",
    }
    found = {str(each.participant_id): each.model_dump()["name"] for each in holders(gateway)}
    assert set(found) == {ANNA, TERESA}  # Marek gave his place away
    assert found[ANNA] == name_of(ANNA)
    for earlier in ("get_edition", "name_participants"):
        assert gateway.service.last(earlier)["command_id"] is None


def test_certificates_are_issued_to_those_named_once_each(
    gateway: Gateway, coordinator: httpx.Client
) -> None:
    assert issue(coordinator, participants=[TERESA, ANNA, TERESA]).status_code == 202
    assert [str(each.participant_id) for each in holders(gateway)] == [TERESA, ANNA]
    assert "get_edition" not in [name for name, _ in gateway.service.calls]


def test_a_holder_without_a_name_is_told_to_training(
    gateway: Gateway, coordinator: httpx.Client
) -> None:
    known = EXAMPLES["name_participants"]["reply"]["items"][:1]
    gateway.service.answers["name_participants"] = lambda _: {"items": known}
    issue(coordinator)
    assert {str(each.participant_id): each.name is None for each in holders(gateway)} == {
        ANNA: False,
        TERESA: True,
    }


def test_no_names_no_certificates(gateway: Gateway, coordinator: httpx.Client) -> None:
    gateway.service.answers["name_participants"] = silent
    response = issue(coordinator)
    assert (response.status_code, response.json()["code"]) == (503, "no_answer")
    assert "issue_certificates" not in [name for name, _ in gateway.service.calls]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"issued_on": "31.03.2006"}, "/issued_on"),
        ({"participants": []}, "/participants"),
        ({"participants": [ANNA, "Teresa"]}, "/participants/1"),
        ({"holders_file": "x"}, "/holders_file"),
    ],
)
def test_a_wrong_field_of_an_issue_is_named(
    gateway: Gateway, coordinator: httpx.Client, body: dict[str, Any], pointer: str
) -> None:
    response = issue(coordinator, **body)
    assert (response.status_code, response.json()["code"]) == (422, "invalid")
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
    assert gateway.service.calls == []


def test_an_attendance_file_is_uploaded_like_any_other(gateway: Gateway) -> None:
    content = b"edycja;data;minuty\n"
    with gateway.client(Role.TRAINER) as trainer:
        response = trainer.post(
            "/attendance/imports",
            data={"dry_run": "true", "mode": "good_rows"},
            files={"file": ("obecnosci.csv", content)},
            headers=command_headers(None),
        )
    job = EXAMPLES["import_attendance"]["reply"]["id"]
    assert (response.status_code, response.json()) == (202, {"id": job})
    assert response.headers["Location"] == f"/attendance/imports/{job}"
    payload = gateway.service.last("import_attendance")["payload"]
    assert b"".join(gateway.store.open(payload.pop("file_id")).chunks()) == content
    assert payload == {"filename": "obecnosci.csv", "dry_run": True, "mode": "good_rows"}
