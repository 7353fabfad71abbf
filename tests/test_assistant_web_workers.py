"""Worker processes: all share one socket, the dead are replaced, all end together."""

import os
import signal
import socket
import sys
import time
from functools import partial

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
