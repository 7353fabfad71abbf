"""Everything a folder holds, checked: every byte of every version, the journals, and that counts agree."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index import snapshot
from index.durable.arrays import mapped
from index.durable.contents import hold_current
from index.errors import EngineError, SnapshotError
from index.near.engines import read_index


@dataclass(frozen=True, slots=True)
class Checked:
    """One version. `fault` is "" when nothing is wrong with it.

    Attributes:
        items: in the version itself, and after the changes of its journal.
        index: kind of the vector index, its parameters, and why it was chosen.
    """

    version: str
    in_use: bool
    created: str = ""
    items: tuple[int, int] = (0, 0)
    changes: int = 0
    size: int = 0
    dim: int = 0
    index: dict[str, Any] | None = None
    models: tuple[str, str] = ("", "")
    fault: str = ""


def check(folder: Path) -> list[Checked]:
    """All versions of a folder, oldest first.

    Raises:
        SnapshotError: there is none, or nothing says which is in use.
    """
    current = snapshot.current_version(folder)
    names = snapshot.versions(folder)
    if current is None or not names:
        raise SnapshotError(f"{folder} holds no snapshot", hint="build one with whybuy index build")
    found = [_checked(folder, name, name == current) for name in names]
    if current not in names:
        found.append(Checked(current, True, fault="the version in use is not there"))
    return found


def _checked(folder: Path, name: str, in_use: bool) -> Checked:
    try:
        held = hold_current(folder, name)
    except SnapshotError as error:
        return Checked(name, in_use, fault=str(error))
    try:
        manifest = held.manifest
        entries = held.entries()
        index = read_index(held.path)
        rows = len(mapped(held.path / "vectors.safetensors")["text"])
        counts = {manifest["count"], len(entries), len(index), rows}
        wrong = f"counts differ: {sorted(counts)}" if len(counts) > 1 else ""
        if index.dim != manifest["dim"] or index.metric != manifest["metric"]:
            wrong = f"the index has {index.dim} dimensions by {index.metric}"
        return Checked(
            version=name,
            in_use=in_use,
            created=manifest["created"],
            items=(len(entries), len(held.now())),
            changes=len(held.changes),
            size=sum(one["size"] for one in manifest["files"].values()),
            dim=manifest["dim"],
            index=manifest["index"],
            models=(manifest["text_encoder"], manifest["picture_encoder"]),
            fault=wrong,
        )
    except EngineError as error:
        return Checked(name, in_use, fault=str(error))
    except (SnapshotError, KeyError, TypeError, ValueError, RuntimeError) as error:
        return Checked(name, in_use, fault=f"does not hold what its manifest says: {error}")
    finally:
        held.release()
