"""Whether every part answers a real query, asked anew every few seconds at most."""

import logging
from collections.abc import Callable, Mapping

import anyio
import anyio.to_thread

from index.errors import WhybuyError

log = logging.getLogger(__name__)

Probe = Callable[[], object]
"""Passes a real query through a part; raises when the part does not answer."""


class Readiness:
    """Runs the probes, all at once, each with a deadline."""

    def __init__(self, probes: Mapping[str, Probe], *, age_s: float = 2.0, deadline_s: float = 5.0) -> None:
        """`age_s`: seconds an answer may be old, so that asking often is cheap; `deadline_s`: patience with a probe."""
        self._probes = probes
        self._age_s = age_s
        self._deadline_s = deadline_s
        self._asked: tuple[float, dict[str, str]] | None = None
        self._one_at_a_time = anyio.Lock()
        self._threads = anyio.CapacityLimiter(max(1, 2 * len(probes)))  # a hung probe keeps its thread

    async def missing(self) -> dict[str, str]:
        """Part -> what is wrong with it; empty when all is well."""
        async with self._one_at_a_time:
            now = anyio.current_time()
            if self._asked is None or now - self._asked[0] > self._age_s:
                found: dict[str, str] = {}
                async with anyio.create_task_group() as tasks:
                    for part, probe in self._probes.items():
                        tasks.start_soon(self._ask, part, probe, found)
                self._asked = now, {part: found[part] for part in self._probes if part in found}
            return self._asked[1]

    async def _ask(self, part: str, probe: Probe, found: dict[str, str]) -> None:
        found[part] = f"no answer in {self._deadline_s:g} s"
        with anyio.move_on_after(self._deadline_s):
            try:
                await anyio.to_thread.run_sync(probe, abandon_on_cancel=True, limiter=self._threads)
                del found[part]
            except WhybuyError as error:
                found[part] = str(error)
            except Exception:  # an edge: whatever a part raises, it is not ready
                log.exception("probe of %s failed", part)
                found[part] = "failed; see the server's log"
