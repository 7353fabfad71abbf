"""Low-rank deltas: what training moves is what serving adds; what does not belong is refused."""

import json
from pathlib import Path

import pytest
import torch
from torch import nn

from assistant import deltas
from finetune import low_rank
from index.errors import WeightsError


class TwoBlocks(nn.Module):
    """Two blocks with a layer each that deltas go on, and a head."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.layer = nn.ModuleList([nn.ModuleDict({"dense": nn.Linear(3, 3)}) for _ in range(2)])
        self.head = nn.Linear(3, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for block in self.layer:
            x = torch.tanh(block.get_submodule("dense")(x))
        return self.head(x)


def _trained(skipped: int) -> TwoBlocks:
    """A network with deltas of rank 2 that are not zero, and another head."""
    network = TwoBlocks()
    low_rank.attach(network.layer, 2, skipped_layers=skipped)
    with torch.no_grad():
        for name, value in network.named_parameters():
            if name.endswith(".b") or name == "head.bias":
                value.add_(0.5)
    return network


@pytest.mark.parametrize(("skipped", "moved"), [(0, 2 * 2 + 2), (1, 1 * 2 + 2)])
def test_merged_weights_give_what_the_trained_network_gives(skipped: int, moved: int) -> None:
    network, served, x = _trained(skipped), TwoBlocks(), torch.tensor([[1.0, -2.0, 0.5]])
    tensors = low_rank.trained(network)
    assert len(tensors) == moved
    deltas.merge(served, tensors, low_rank.SCALE)
    torch.testing.assert_close(served(x), network(x), atol=5e-3, rtol=0)  # half precision
    assert not torch.allclose(served(x), TwoBlocks()(x), atol=0.1)


def test_a_merged_layer_is_the_layer_plus_the_scaled_product() -> None:
    network = nn.Linear(2, 2, bias=False)
    network.weight.data = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    parent = nn.ModuleDict({"dense": network})
    deltas.merge(parent, {"dense.a": torch.tensor([[1.0, 2.0]]), "dense.b": torch.tensor([[3.0], [4.0]])}, 0.5)
    assert network.weight.tolist() == [[1 + 0.5 * 3 * 1, 0.5 * 3 * 2], [0.5 * 4 * 1, 1 + 0.5 * 4 * 2]]


@pytest.mark.parametrize("tensors", [{"tail.weight": torch.zeros(2, 3)}, {"head.weight": torch.zeros(3, 3)}])
def test_tensors_that_belong_nowhere_are_refused(tensors: dict[str, torch.Tensor]) -> None:
    with pytest.raises(WeightsError, match="which the model lacks"):
        deltas.merge(TwoBlocks(), tensors, 1.0)


def test_restored_deltas_say_what_they_said() -> None:
    network, other, x = _trained(0), TwoBlocks(), torch.tensor([[0.3, 0.2, -1.0]])
    low_rank.attach(other.layer, 2)
    other.load_state_dict({name: value.float() for name, value in low_rank.trained(network).items()}, strict=False)
    torch.testing.assert_close(other(x), network(x), atol=5e-3, rtol=0)


def test_a_saved_folder_is_read_back_and_named_by_its_weights(tmp_path: Path) -> None:
    low_rank.save(_trained(0), tmp_path / "small", {"licence": "CC0", "rank": 2})
    delta = deltas.read(tmp_path / "small")
    assert delta.manifest["licence"] == "CC0"
    assert delta.name == f"small@{delta.manifest['sha256'][:12]}"
    assert set(delta.tensors) == set(low_rank.trained(_trained(0)))


def test_a_missing_or_foreign_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no readable manifest"):
        deltas.read(tmp_path)
    low_rank.save(_trained(0), tmp_path, {})
    manifest = json.loads((tmp_path / deltas.MANIFEST_FILE).read_text(encoding="utf-8"))
    told = manifest | {"encoder_sha256": "0" * 64}
    (tmp_path / deltas.MANIFEST_FILE).write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(WeightsError, match="trained on another"):
        deltas.read(tmp_path)
