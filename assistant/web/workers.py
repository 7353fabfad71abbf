"""Several processes that do the same work over one socket: one that dies is replaced, all end together."""

import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from types import FrameType, TracebackType
from typing import Self

from index.errors import SetupError

log = logging.getLogger(__name__)

_YOUNG_S = 60.0
"""A worker that ends this soon after its start has failed to start."""
_MOST_FAILURES = 3
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_FAREWELL_S = 35.0
"""Longer than a worker takes to finish what it is answering."""


class Workers:
    """Runs `work` in `count` fresh processes; a context whose end ends them.

    Processes are spawned, not forked: threads of numerical libraries do not survive a fork.
    """

    def __init__(self, work: Callable[[], None], count: int) -> None:
        """`work` and what it holds must be picklable; sockets are, and stay the same sockets."""
        self._work = work
        self._context = multiprocessing.get_context("spawn")
        self._count = count
        self._running: dict[BaseProcess, float] = {}
        self._failures = 0
        self._ending = False

    def __enter__(self) -> Self:
        """Start them."""
        for _ in range(self._count):
            self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End them: politely, and after half a minute for good."""
        for process in self._running:
            process.terminate()
        deadline = time.monotonic() + _FAREWELL_S
        for process in self._running:
            process.join(max(0.0, deadline - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()

    @property
    def pids(self) -> list[int]:
        """The process ids of those at work."""
        return [process.pid for process in self._running if process.pid is not None]

    def watch(self) -> None:
        """Replace workers that die until SIGINT or SIGTERM comes.

        Raises:
            SetupError: workers die as they start, one after another.
        """

        def end(_number: int, _frame: FrameType | None) -> None:
            self._ending = True

        before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            while not self._ending:
                multiprocessing.connection.wait([process.sentinel for process in self._running], timeout=0.5)
                self.replace_dead()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def replace_dead(self) -> None:
        """Start another worker for each that has died.

        Raises:
            SetupError: workers die as they start, one after another.
        """
        dead = [process for process in self._running if not process.is_alive()]
        for process in dead:
            lived = time.monotonic() - self._running.pop(process)
            self._failures = self._failures + 1 if lived < _YOUNG_S else 1
            log.error("worker %s ended with code %s after %.0f s", process.pid, process.exitcode, lived)
            if self._failures >= _MOST_FAILURES:
                raise SetupError("workers end as they start", hint="try --workers 1 to see why")
            if not self._ending:
                self._start()

    def _start(self) -> None:
        # Each would start a thread for every core: with two workers on two cores they answered a third as much.
        for name in _THREADS:
            os.environ.setdefault(name, str(max(1, (os.cpu_count() or 1) // self._count)))
        process = self._context.Process(target=_beside_parent, args=(self._work,), name="whybuy-worker", daemon=True)
        process.start()
        self._running[process] = time.monotonic()


def _beside_parent(work: Callable[[], None]) -> None:
    """Do the work for as long as the parent lives, however that ends: a killed one says no farewell.

    Left alone, a worker would go on answering with the port in its hands, and nobody could start another server.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None  # a worker is nobody else's process

    def end_with_parent() -> None:
        parent.join()
        log.error("the process that started this worker is gone, and so the worker ends")
        os.kill(os.getpid(), signal.SIGTERM)  # politely, as it would have ended it
        time.sleep(_FAREWELL_S)
        os._exit(1)

    threading.Thread(target=end_with_parent, name="whybuy-parent", daemon=True).start()
    work()


def bind(host: str, port: int) -> socket.socket:
    """A TCP socket of that address, ready to be listened on.

    Raises:
        SetupError: the port cannot be had.
    """
    # Bound here, as a TCP socket by name: uvicorn would lose TCP_NODELAY otherwise and cost every answer 40 ms.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise SetupError(
            f"cannot listen on {host} port {port}", hint="choose another with --port (make demo PORT=...)"
        ) from error
    return bound
