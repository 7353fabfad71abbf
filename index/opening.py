"""What lies on the disk -> the state of a catalogue: a version that was checked, and every change since."""

import numpy as np

from index import snapshot
from index.durable.arrays import mapped
from index.durable.contents import Held
from index.durable.memory import Memory
from index.encoders import Encoders
from index.errors import SnapshotError
from index.fusion import FusionWeights, PictureSpace
from index.near.engines import read_index
from index.sight.looks import Looks
from index.sight.projection import projection_name
from index.state import Numbered, State


def opened(held: Held, encoders: Encoders) -> State:
    """The state of a version that was checked, and its changes.

    Raises:
        SnapshotError: it was made by other encoders, or does not hold what its manifest says.
    """
    path, manifest = held.path, held.manifest
    snapshot.expect(
        manifest,
        text_encoder=encoders.text.name,
        picture_encoder=encoders.picture.name,
        projection=projection_name(encoders.picture.name),
        metric="inner product",
    )
    try:
        entries = list(held.entries().values())
        arrays = {name: np.array(array) for name, array in mapped(path / "vectors.safetensors").items()}
        shares = manifest["fusion"]
        index = read_index(path)
        vectors = Numbered(
            text=arrays["text"],
            pictures=arrays["pictures"],
            has_picture=arrays["has_picture"].astype(np.bool_),
            seen=arrays["seen"],
            space=PictureSpace(arrays["components"], arrays["offset"]),
            words=Looks.of(arrays),
            weights=FusionWeights(shares["text"], shares["picture"]),
            index=index,
        )
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise SnapshotError(f"snapshot {path.name} does not hold what its manifest says") from error
    snapshot.expect(manifest, dim=index.dim, count=len(index))
    if index.metric != manifest["metric"] or len(entries) != len(index) or len(vectors.text) != len(index):
        raise SnapshotError(f"snapshot {path.name} has {len(entries)} items for {len(index)} vectors")
    state = State.fresh(path.name, entries, vectors)
    if not held.changes:
        return state
    memory = Memory.empty(encoders)
    held.remember(memory, encoders)
    return state.after(held.changes, numbered(path.name, held.journal.end), memory)


def numbered(version: str, end: int) -> str:
    """The name of what a version is after the changes up to byte `end` of its journal."""
    return f"{version}+{end}"
