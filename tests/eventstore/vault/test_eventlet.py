"""The vault in a process that eventlet has patched, as the services' are."""

import os
import subprocess
import sys
from typing import Any

import pytest
from pymongo.database import Database

from shared.runtime.development.mongodb import MongoServer

SCRIPT = """
import eventlet
eventlet.monkey_patch()
import os, uuid
import pymongo
from shared.eventstore.vault import KeyStore, MasterKey, MasterKeys, SubjectErased, Vault
from shared.kernel.personal import ERASED, DataClass

client = pymongo.MongoClient(os.environ["URI"])
vault = Vault(KeyStore(client["vault_tests"]), MasterKeys(MasterKey(b"m" * 32)))
subjects = [uuid.uuid4() for _ in range(5)]
ticks = []

def tick():
    while True:
        ticks.append(1)
        eventlet.sleep(0.001)

def work(number):
    subject = subjects[number % 5]
    box = vault.seal(subject, DataClass.IDENTITY, "registry/x/1", {"n": number})
    return box, vault.open(box)

ticking = eventlet.spawn(tick)
pool = eventlet.GreenPool(50)
sealed = list(pool.imap(work, range(200)))
assert [values for _, values in sealed] == [{"n": n} for n in range(200)]
assert len({box.key_id for box, _ in sealed}) == 5
for subject in subjects:
    vault.erase(subject, [DataClass.IDENTITY], basis="x", approved_by="y")
assert set(vault.open_many([box for box, _ in sealed])) == {ERASED}
try:
    work(0)
except SubjectErased:
    print("refused", len(ticks) > 20)
"""


@pytest.mark.usefixtures("database")
def test_greenlets_share_a_vault(mongodb: MongoServer, database: Database[dict[str, Any]]) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT],
        env={**os.environ, "URI": mongodb.uri},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "refused True\n"), done.stderr
    assert database["keys"].count_documents({}) == 0
