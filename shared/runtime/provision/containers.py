"""The secrets of the container set-up (docker-compose.yml), all made at once, before its first start.

Files, not environment variables, so that `docker inspect` shows none of them. The folder is closed
to others on the host; inside a container each process sees only the files mounted for it, which its
own account must be able to read.
"""

import base64
import secrets
from collections.abc import Sequence
from pathlib import Path

from shared.runtime.provision.settings import (
    ADMINISTRATOR,
    Administrator,
    credentials,
    read_file,
    write_settings,
)

ADMIN = "admin"
NO_KEYS = '{"keys": []}\n'


def write_secrets(folder: Path, services: Sequence[str]) -> None:
    """Write what docker-compose.yml names under `secrets`; what exists keeps its passwords."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    administrator = _administrator(folder)
    administrator.save(folder)
    write_settings(folder, services, administrator)
    _, password = credentials(administrator.mongodb_uri)
    (folder / "mongodb_password").write_text(password)
    _, password = credentials(administrator.amqp_uri)
    (folder / "rabbitmq.conf").write_text(f"default_user = {ADMIN}\ndefault_pass = {password}\n")
    key = folder / "mongodb_keyfile"
    if not key.exists():
        key.write_text(base64.b64encode(secrets.token_bytes(96)).decode())
    key_set = folder / "jwks.json"
    if not key_set.exists():  # Docker makes a folder of a mounted file that is not there
        key_set.write_text(NO_KEYS)
    for path in folder.iterdir():
        path.chmod(0o644)


def _administrator(folder: Path) -> Administrator:
    if read_file(folder, ADMINISTRATOR):
        return Administrator.load(folder)
    database, broker = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    return Administrator(
        f"mongodb://{ADMIN}:{database}@mongodb:27017/?replicaSet=rs0&authSource=admin",
        f"amqp://{ADMIN}:{broker}@rabbitmq:5672/",
        f"http://{ADMIN}:{broker}@rabbitmq:15672",
    )
