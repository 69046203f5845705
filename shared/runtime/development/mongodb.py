"""A MongoDB replica set of one node: access control on, journalled, loopback only."""

import base64
import json
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pymongo
from pymongo.errors import OperationFailure

from shared.runtime.development.processes import Child
from shared.runtime.development.servers import ADMIN, Server, plain_environment

SET = "rs0"
AUTHENTICATION_FAILED = 18
NOT_YET_INITIALIZED = 94


class MongoServer(Server):
    part = "MongoDB"

    @property
    def port(self) -> int:
        return int(self._state["port"])

    @property
    def uri(self) -> str:
        """Of the administrator; `with_user` in provisioning makes the services' own."""
        return (
            f"mongodb://{ADMIN}:{quote(self.password)}@127.0.0.1:{self.port}"
            f"/?replicaSet={SET}&authSource=admin"
        )

    def _launch(self) -> Child:
        (port,) = self._ports("port")
        data = self.folder / "data"
        data.mkdir(exist_ok=True)
        key = self.folder / "keyfile"
        if not key.exists():
            key.touch(mode=0o600)
            key.write_text(base64.b64encode(secrets.token_bytes(96)).decode())
        parameters = (
            "diagnosticDataCollectionEnabled=false",
            # One node has nobody to hand its role to: do not wait for a successor when stopping.
            "shutdownTimeoutMillisForSignaledShutdown=100",
        )
        command: list[str | Path] = [
            self.binary,
            "--replSet",
            SET,
            "--keyFile",
            key,
            "--auth",
            "--dbpath",
            data,
        ]
        command += ["--bind_ip", "127.0.0.1", "--port", str(port), "--nounixsocket"]
        command += ["--wiredTigerCacheSizeGB", "1", "--quiet"]
        for parameter in parameters:
            command += ["--setParameter", parameter]
        return Child.spawn(command, env=plain_environment(), cwd=self.folder, log=self.log)

    def _unready(self) -> str | None:
        try:
            with self._connect(ADMIN) as client:
                if client.admin.command("hello").get("isWritablePrimary"):
                    return None
                self._follow_port(client)
                return "waiting for the election"
        except OperationFailure as error:
            if error.code != AUTHENTICATION_FAILED:
                raise
        self._bootstrap()
        return "waiting for the first user"

    def _bootstrap(self) -> None:
        """Initiate the set and create the administrator, which MongoDB allows once from loopback."""
        with self._connect() as client:
            if not client.admin.command("hello").get("setName"):
                member = {"_id": 0, "host": f"127.0.0.1:{self.port}"}
                client.admin.command("replSetInitiate", {"_id": SET, "members": [member]})
            if client.admin.command("hello").get("isWritablePrimary"):
                client.admin.command("createUser", ADMIN, pwd=self.password, roles=["root"])

    def _follow_port(self, client: pymongo.MongoClient[dict[str, Any]]) -> None:
        """Tell a set whose remembered port was taken by another program where its node is now."""
        host = f"127.0.0.1:{self.port}"
        config = client.admin.command("replSetGetConfig")["config"]
        if config["members"][0]["host"] != host:
            config["members"][0]["host"] = host
            config["version"] += 1
            client.admin.command("replSetReconfig", config, force=True)

    def _connect(self, user: str | None = None) -> pymongo.MongoClient[dict[str, Any]]:
        return pymongo.MongoClient(
            "127.0.0.1",
            self.port,
            username=user,
            password=self.password if user else None,
            directConnection=True,
            timeoutMS=2000,
        )

    def _reason_in_log(self) -> str:
        for line in self._log_lines():
            try:
                entry = json.loads(line)
            except ValueError:
                return line  # a message of the loader, before logging starts
            if entry.get("s") in ("F", "E"):
                return f"{entry['msg']} {entry.get('attr', '')}"
        return "no reason in its log"
