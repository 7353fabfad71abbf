"""Databases to test against: a SQLite file, and a PostgreSQL cluster of our own. Used through `pytest_plugins`."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from assistant.storage.database import Database

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL, without a database, of a PostgreSQL server that lives as long as the tests do."""
    programs = _programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed, and in CI it must be: see .ci/run")
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="whybuy-postgres-"))
    if account is not None:
        shutil.chown(folder, account)
    port = _free_port()
    try:
        data = folder / "data"
        _run(
            [programs / "initdb", "-D", data, "-U", "whybuy", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"], account
        )
        arguments = [programs / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", folder]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [str(argument) for argument in (*arguments, "-c", "fsync=off")],
                stdout=log,
                stderr=log,
                user=account,
                cwd=folder,
            )
        try:
            _await(server, port, folder / "log")
            yield f"postgresql://whybuy@127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """The URL of an empty PostgreSQL database."""
    name = f"test_{next(_NUMBERS)}"
    with psycopg.connect(f"{postgres_server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
    return f"{postgres_server}/{name}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database; the test runs once with SQLite and once with PostgreSQL."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{tmp_path / 'whybuy.db'}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database, open."""
    opened = Database.open(database_url)
    yield opened
    opened.close()


def _programs() -> Path | None:
    """The folder of PostgreSQL's programs; Debian keeps them out of PATH."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = installed[-1] if installed else shutil.which("initdb")
    return Path(found).parent if found else None


def _account() -> str | None:
    """Whom to run the server as: PostgreSQL refuses to be root's."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(arguments: list[str | Path], account: str | None) -> None:
    done = subprocess.run([str(argument) for argument in arguments], user=account, cwd="/", capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(300):
        assert server.poll() is None, log.read_text()
        try:
            psycopg.connect(f"postgresql://whybuy@127.0.0.1:{port}/postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text())
