"""Provisioning gives each process what it needs and nothing else, however often it runs."""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import amqp
import httpx
import pymongo
import pytest
from amqp.exceptions import AccessRefused
from bson import Int64
from pymongo.errors import OperationFailure

from shared.messaging import topology
from shared.messaging.consumer import DOORBELL, InboxConsumer
from shared.messaging.reactions import Reactions
from shared.runtime.development.rabbitmq import BrokerServer
from shared.runtime.provision import Administrator, provision
from shared.runtime.provision.settings import KeyAbandoned, credentials, read_file
from tests.conftest import Provision

NOT_AUTHORIZED = 13
AUTHENTICATION_FAILED = 18
EVERYTHING: dict[str, Any] = {}


@pytest.fixture
def service() -> str:
    """A service name of the test's own."""
    return f"trial{uuid.uuid4().hex[:8]}"


@pytest.fixture(autouse=True)
def project(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose services declare what the test says."""
    folder = tmp_path_factory.mktemp("project")
    monkeypatch.chdir(folder)
    return folder


def declare(project: Path, service: str, *needs: str) -> None:
    folder = project / "services" / service
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "needs.toml").write_text("".join(f"{need} = true\n" for need in needs))


@pytest.fixture
def settings(provisioned: Provision, service: str) -> dict[str, str]:
    return read_file(provisioned([service]), service)


def connect(uri: str) -> pymongo.MongoClient[dict[str, Any]]:
    return pymongo.MongoClient(uri, timeoutMS=10_000)


def refused(error: pytest.ExceptionInfo[OperationFailure]) -> bool:
    return error.value.code == NOT_AUTHORIZED


def test_the_ledger_user_records_and_reads(settings: dict[str, str]) -> None:
    with connect(settings["LEDGER_URI"]) as client:
        commits = client.get_default_database()["commits"]
        commits.insert_one({"_id": Int64(1), "commit_id": "a", "e": [{"o": "s", "v": 1}]})
        assert commits.count_documents({"_id": 1}) == 1


@pytest.mark.parametrize("collection", ["commits", "snapshots", "tracking"])
def test_the_ledger_user_can_change_nothing(settings: dict[str, str], collection: str) -> None:
    with connect(settings["LEDGER_URI"]) as client:
        database = client.get_default_database()
        recorded = database[collection]
        attempts: list[Callable[[], object]] = [
            lambda: recorded.update_one(EVERYTHING, {"$set": {"last": 0}}),
            lambda: recorded.replace_one(EVERYTHING, {"last": 0}),
            lambda: recorded.find_one_and_update(EVERYTHING, {"$set": {"last": 0}}),
            lambda: recorded.delete_one(EVERYTHING),
            recorded.drop,
            lambda: recorded.rename("elsewhere"),
            recorded.drop_indexes,
            lambda: recorded.create_index("last"),
            lambda: database.command("collMod", collection, validator={"no": 1}),
            lambda: list(recorded.aggregate([{"$out": "commits"}])),
            lambda: list(recorded.aggregate([{"$merge": "commits"}])),
            lambda: client.drop_database(database),
            lambda: database["another"].insert_one({}),
        ]
        for attempt in attempts:
            with pytest.raises(OperationFailure) as error:
                attempt()
            assert refused(error)


def test_each_user_sees_its_own_database_only(
    provisioned: Provision, project: Path, service: str
) -> None:
    declare(project, service, "vault")
    settings = read_file(provisioned([service]), service)
    keys = ["LEDGER_URI", "VIEWS_URI", "VAULT_URI", "FILES_URI"]
    databases = {key: pymongo.uri_parser.parse_uri(settings[key])["database"] for key in keys}
    for key in keys:
        with connect(settings[key]) as client:
            for other, database in databases.items():
                if other != key:
                    with pytest.raises(OperationFailure) as error:
                        client[database]["commits"].find_one()
                    assert refused(error)


def test_a_service_that_did_not_ask_for_the_vault_has_no_way_to_it(
    administrator: Administrator, settings: dict[str, str], service: str
) -> None:
    assert not [key for key in settings if key.startswith(("VAULT", "LEDGERS"))]
    with connect(administrator.mongodb_uri) as client:
        users = client.admin.command("usersInfo")["users"]
    own = {user["user"] for user in users if user["user"].startswith(service)}
    assert own == {f"{service}_ledger", f"{service}_views", f"{service}_files"}
    for key in ("LEDGER_URI", "VIEWS_URI", "FILES_URI"):
        user, password = credentials(settings[key])
        with connect(settings[key]) as client, pytest.raises(OperationFailure) as error:
            client["vault"]["keys"].find_one()
        assert refused(error)
        claimed = settings[key].replace(f"{user}:", f"{service}_vault:")
        assert password in claimed
        assert not authenticates(claimed)


def test_a_right_that_is_no_longer_declared_is_taken_away(
    provisioned: Provision, project: Path, service: str
) -> None:
    other = f"other{service}"
    declare(project, service, "vault", "ledgers")
    declare(project, other, "vault")
    before = read_file(provisioned([service, other]), service)
    assert authenticates(before["VAULT_URI"])
    assert authenticates(before["LEDGERS_URI"])
    declare(project, service)
    after = read_file(provisioned([service, other]), service)
    assert before.items() - after.items() == {
        (key, before[key]) for key in ("VAULT_URI", "VAULT_MASTER_KEY", "LEDGERS_URI")
    }
    assert not authenticates(before["VAULT_URI"])
    assert not authenticates(before["LEDGERS_URI"])


def test_the_last_copy_of_the_vaults_key_is_not_dropped(
    provisioned: Provision, project: Path, service: str
) -> None:
    declare(project, service, "vault")
    folder = provisioned([service])
    before = read_file(folder, service)
    declare(project, service)
    with pytest.raises(KeyAbandoned, match=f"{service}.env holds the last VAULT_MASTER_KEY"):
        provisioned([service])
    assert read_file(folder, service) == before


def test_who_needs_all_ledgers_can_find_in_them_and_nothing_else(
    provisioned: Provision, project: Path, service: str
) -> None:
    other = f"other{service}"
    declare(project, service, "ledgers")
    folder = provisioned([service, other])
    with connect(read_file(folder, other)["LEDGER_URI"]) as client:
        client.get_default_database()["commits"].insert_one({"_id": Int64(1), "commit_id": "a"})
    with connect(read_file(folder, service)["LEDGERS_URI"]) as client:
        commits = client[f"{other}_ledger"]["commits"]
        assert commits.count_documents({}) == 1
        attempts: list[Callable[[], object]] = [
            lambda: commits.insert_one({"_id": Int64(2), "commit_id": "b"}),
            lambda: commits.update_one(EVERYTHING, {"$set": {"last": 0}}),
            lambda: commits.delete_one(EVERYTHING),
            client[f"{other}_views"]["any"].find_one,
            client["vault"]["keys"].find_one,
            client["files"]["fs.files"].find_one,
        ]
        for attempt in attempts:
            with pytest.raises(OperationFailure) as error:
                attempt()
            assert refused(error)


def test_services_share_the_vaults_key_but_no_index_key(
    provisioned: Provision, project: Path, service: str
) -> None:
    other = f"other{service}"
    declare(project, service, "vault")
    declare(project, other, "vault")
    folder = provisioned([service, other])
    first, second = read_file(folder, service), read_file(folder, other)
    assert first["VAULT_MASTER_KEY"] == second["VAULT_MASTER_KEY"]
    assert first["INDEX_KEY"] != second["INDEX_KEY"]


def authenticates(uri: str) -> bool:
    with connect(uri) as client:
        try:
            client.admin.command("ping")
        except OperationFailure as error:
            assert error.code == AUTHENTICATION_FAILED  # noqa: PT017 - any other is no answer
            return False
    return True


def test_provisioning_again_changes_no_password_and_loses_nothing(
    administrator: Administrator, service: str, tmp_path: Path
) -> None:
    provision(tmp_path, [service], administrator, report=lambda _text: None)
    before = {path.name: path.read_text() for path in tmp_path.iterdir()}
    with connect(read_file(tmp_path, service)["LEDGER_URI"]) as client:
        client.get_default_database()["commits"].insert_one({"_id": Int64(1), "commit_id": "a"})

        provision(tmp_path, [service], administrator, report=lambda _text: None)

        assert {path.name: path.read_text() for path in tmp_path.iterdir()} == before
        assert client.get_default_database()["commits"].count_documents({}) == 1


def test_a_lost_right_is_given_back(
    administrator: Administrator, service: str, tmp_path: Path
) -> None:
    provision(tmp_path, [service], administrator, report=lambda _text: None)
    with connect(administrator.mongodb_uri) as client:
        client.admin.command("updateUser", f"{service}_ledger", roles=[])
    provision(tmp_path, [service], administrator, report=lambda _text: None)
    with connect(read_file(tmp_path, service)["LEDGER_URI"]) as client:
        assert client.get_default_database()["commits"].find_one() is None


def test_settings_are_readable_by_their_owner_only(provisioned: Provision, service: str) -> None:
    folder = provisioned([service])
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


@contextmanager
def channel(broker: BrokerServer, uri: str) -> Iterator[amqp.Channel]:
    user, password = credentials(uri)
    with amqp.Connection(
        f"127.0.0.1:{broker.port}", user, password, connect_timeout=5
    ) as connection:
        yield connection.channel()


def test_a_service_declares_its_own_topology(settings: dict[str, str], service: str) -> None:
    other = f"other{uuid.uuid4().hex[:8]}"
    for wanted in (
        topology.requests(service),
        topology.publishing(service),
        topology.inbox(service, other),
    ):
        topology.declare(settings["AMQP_URI"], wanted)


def test_a_consumer_hears_its_own_doorbell(settings: dict[str, str], service: str) -> None:
    """With a service's own rights, which know no default exchange."""
    nothing_read: Any = SimpleNamespace(max_tracking_id=lambda _: 0)
    publisher = f"other{uuid.uuid4().hex[:8]}"
    reactions = Reactions(service, publisher, {}, nothing_read, parking=nothing_read)
    consumer = InboxConsumer(settings["AMQP_URI"], reactions)
    listening = threading.Thread(target=consumer.listener.run)
    listening.start()
    try:
        assert consumer._waiting.get(timeout=30).properties["type"] == DOORBELL
    finally:
        consumer.stop(limit=0.1)
        listening.join(20)


@pytest.mark.parametrize(
    ("action", "arguments", "options"),
    [
        ("queue_bind", ["rpc-{}", "nameko-rpc", "#"], {}),
        ("queue_bind", ["rpc-{}", "nameko-rpc", "registry.*"], {}),
        ("queue_declare", ["rpc-registry"], {"durable": True}),
        ("queue_declare", ["registry.inbox.training"], {"durable": True}),
        ("queue_bind", ["rpc-{}", "nameko-rpc", "someone.else"], {}),
        ("basic_publish", [amqp.Message("{}"), "other.events", "other.happened.v1"], {}),
        ("basic_publish", [amqp.Message("{}"), "nameko-rpc", "registry.erase"], {}),
        ("basic_publish", [amqp.Message("{}"), "nameko-rpc", "other.inbox.registry"], {}),
    ],
)
def test_a_service_cannot_listen_in_or_speak_for_others(
    broker: BrokerServer,
    settings: dict[str, str],
    service: str,
    action: str,
    arguments: list[Any],
    options: dict[str, Any],
) -> None:
    named = [part.format(service) if isinstance(part, str) else part for part in arguments]
    with channel(broker, settings["AMQP_URI"]) as own:
        own.queue_declare(f"rpc-{service}", durable=True, auto_delete=False)

        def attempt() -> None:
            getattr(own, action)(*named, **options)
            own.connection.drain_events(timeout=2)  # a publish is refused afterwards

        with pytest.raises(AccessRefused):
            attempt()


def test_the_gateway_asks_services_and_declares_only_its_replies(
    broker: BrokerServer, provisioned: Provision, service: str
) -> None:
    uri = read_file(provisioned([service]), "gateway")["AMQP_URI"]
    with channel(broker, uri) as own:
        replies = f"rpc.reply-gateway-{uuid.uuid4()}"
        own.queue_declare(replies, durable=True, auto_delete=False)
        own.queue_bind(replies, "nameko-rpc", str(uuid.uuid4()))
        own.confirm_select()
        own.basic_publish(amqp.Message("{}"), "nameko-rpc", f"{service}.anything")
        with pytest.raises(AccessRefused):
            own.queue_declare(f"rpc-{service}", durable=True, auto_delete=False)


def test_the_broker_gives_service_users_no_management(
    broker: BrokerServer, settings: dict[str, str]
) -> None:
    address = broker.management_url.rpartition("@")[2]
    login = credentials(settings["AMQP_URI"])
    answer = httpx.get(f"http://{address}/api/queues", auth=login, timeout=10)
    assert answer.status_code == httpx.codes.UNAUTHORIZED
