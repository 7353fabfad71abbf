"""Worker processes: all share one socket, the dead are replaced, all end together."""

import os
import signal
import socket
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from assistant.web.workers import Workers, bind
from index.errors import SetupError


def answer(bound: socket.socket) -> None:
    """Tells every caller its process id."""
    bound.listen()
    while True:
        connection, _ = bound.accept()
        with connection:
            connection.sendall(str(os.getpid()).encode())


def tell_threads(bound: socket.socket) -> None:
    """Tells the first caller how many threads numerical libraries may start."""
    bound.listen()
    connection, _ = bound.accept()
    with connection:
        connection.sendall(os.environ["OPENBLAS_NUM_THREADS"].encode())


def fail() -> None:
    sys.exit(3)


def ask(port: int) -> int:
    deadline = time.monotonic() + 30
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                return int(connection.recv(16))
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@pytest.mark.slow
def test_a_worker_that_dies_is_replaced_on_the_same_port_and_all_end_together() -> None:
    bound = bind("127.0.0.1", 0)
    with Workers(partial(answer, bound), 1) as workers:
        [first] = workers.pids
        assert ask(bound.getsockname()[1]) == first
        os.kill(first, signal.SIGKILL)
        while workers.pids == [first]:
            workers.replace_dead()
            time.sleep(0.05)
        [second] = workers.pids
        assert ask(bound.getsockname()[1]) == second != first
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)
    bound.close()


PARENT = """
import time
from functools import partial
from assistant.web.workers import Workers, bind
from tests.test_assistant_web_workers import answer

if __name__ == "__main__":
    bound = bind("127.0.0.1", 0)
    with Workers(partial(answer, bound), 2) as workers:
        print(bound.getsockname()[1], *workers.pids, flush=True)
        time.sleep(600)
"""


@pytest.mark.slow
def test_workers_end_with_a_parent_that_is_killed_and_give_back_the_port(tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text(PARENT, encoding="utf-8")
    root = Path(__file__).parents[1]
    parent = subprocess.Popen(
        [sys.executable, str(program)], stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(root)}
    )
    assert parent.stdout is not None
    with parent.stdout:
        port, *pids = map(int, parent.stdout.readline().split())
        assert ask(port) in pids
        parent.kill()
        parent.wait()
        deadline = time.monotonic() + 30
        while any(map(is_running, pids)) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not any(map(is_running, pids))
    bind("127.0.0.1", port).close()


def is_running(pid: int) -> bool:
    """Whether a process does anything: one that ended may wait for somebody to collect it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_workers_share_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.setenv(name, "taken back afterwards")
        monkeypatch.delenv(name)
    monkeypatch.setattr(os, "cpu_count", lambda: 12)
    bound = bind("127.0.0.1", 0)
    with Workers(partial(tell_threads, bound), 2):
        assert ask(bound.getsockname()[1]) == 6
    bound.close()


@pytest.mark.slow
def test_workers_that_cannot_start_end_the_command() -> None:
    with Workers(fail, 1) as workers:
        deadline = time.monotonic() + 60
        with pytest.raises(SetupError, match="workers end as they start"):
            replaced_until(workers, deadline)


def replaced_until(workers: Workers, deadline: float) -> None:
    while time.monotonic() < deadline:
        workers.replace_dead()
        time.sleep(0.05)
