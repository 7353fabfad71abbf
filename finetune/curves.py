"""Figures of a run, epoch by epoch, for TensorBoard."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)


def curves(folder: Path | None) -> Callable[[dict[str, float], int], None]:
    """A function that draws an epoch's figures for TensorBoard, or only passes where it is not installed."""
    if folder is None:
        return lambda _figures, _epoch: None
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        log.warning("no curves: pip install tensorboard")
        return lambda _figures, _epoch: None
    writer: Any = SummaryWriter(str(folder / "curves"))

    def write(figures: dict[str, float], epoch: int) -> None:
        for name, value in figures.items():
            writer.add_scalar(name, value, epoch)
        writer.flush()

    return write
