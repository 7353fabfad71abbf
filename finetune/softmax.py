"""Cross-entropy over all items, a slice of the states at a time.

Legend: M states, N items, d numbers each, W targets of one state.
"""

from typing import Any

import torch
from torch import Tensor

_SLICE = 256


def narrow_type() -> torch.dtype:
    """bfloat16 where this processor multiplies it fast, else float32."""
    return torch.bfloat16 if torch.ops.mkldnn._is_mkldnn_bf16_supported() else torch.float32


class _FullSoftmax(torch.autograd.Function):
    """Makes the gradient while the probabilities are at hand: M x N numbers are never kept."""

    # What torch declares takes any arguments at all, hence the ignores.
    @staticmethod
    def forward(  # pyright: ignore[reportIncompatibleMethodOverride]
        ctx: Any, states_Md: Tensor, items_Nd: Tensor, targets_MW: Tensor, weights_MW: Tensor, smoothing: float
    ) -> Tensor:
        total_M = weights_MW.sum(1)
        loss = states_Md.new_zeros((), dtype=torch.float64)
        gradient_Md, gradient_Nd = torch.empty_like(states_Md), torch.zeros_like(items_Nd)
        wide, items_dN = items_Nd.shape[0], items_Nd.T
        # Buffers are kept over the slices: to fetch fresh memory costs more than the sums.
        narrow = torch.empty(min(_SLICE, len(states_Md)), wide, dtype=states_Md.dtype)
        broad = torch.empty_like(narrow, dtype=torch.float32)
        for start in range(0, len(states_Md), _SLICE):
            part = slice(start, start + _SLICE)
            states, targets, weights = states_Md[part], targets_MW[part], weights_MW[part]
            torch.mm(states, items_dN, out=narrow[: len(states)])
            logits = broad[: len(states)].copy_(narrow[: len(states)])
            highest = logits.amax(1, keepdim=True)
            chosen = logits.gather(1, targets)
            mean = logits.mean(1) if smoothing else 0.0
            p = logits.sub_(highest).exp_()
            sums = p.sum(1, keepdim=True)
            log_sums = (highest + sums.log()).squeeze(1)
            told = (chosen * weights).sum(1) * (1 - smoothing) + smoothing * mean * total_M[part]
            loss += (log_sums * total_M[part] - told).sum(dtype=torch.float64)
            p.mul_(total_M[part, None] / sums)
            if smoothing:
                p.sub_(smoothing * total_M[part, None] / wide)
            p.scatter_add_(1, targets, -weights * (1 - smoothing))
            p = narrow[: len(states)].copy_(p)
            torch.mm(p, items_Nd, out=gradient_Md[part])
            gradient_Nd.addmm_(p.T, states)
        ctx.save_for_backward(gradient_Md, gradient_Nd)
        return loss.to(torch.float32)

    @staticmethod
    def backward(  # pyright: ignore[reportIncompatibleMethodOverride]
        ctx: Any, grad: Tensor
    ) -> tuple[Tensor, Tensor, None, None, None]:
        gradient_Md, gradient_Nd = ctx.saved_tensors
        return grad * gradient_Md, grad * gradient_Nd, None, None, None


def full_softmax_loss(
    states_Md: Tensor, items_Nd: Tensor, targets_MW: Tensor, weights_MW: Tensor, *, smoothing: float = 0.0
) -> Tensor:
    """The mean cross-entropy of softmax(states @ items) against weighted targets, over all N items.

    Args:
        targets_MW: positions among the items; where a state has fewer than W, any position of weight 0.
        weights_MW: how much each counts; the loss is divided by their sum.
        smoothing: share of each target spread over all items.

    Cost: 3 M N d multiply-adds, in the type of the states (bfloat16 is many times faster where the processor has it);
    memory for 256 x N numbers.
    """
    loss: Any = _FullSoftmax.apply(states_Md, items_Nd, targets_MW, weights_MW, smoothing)
    return loss / weights_MW.sum()
