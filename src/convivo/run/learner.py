"""What learns: a net, its optimiser, and the device and precision they compute in."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from convivo.errors import ConvivoError, OutOfMemory
from convivo.model import Model
from convivo.run.batches import Batch
from convivo.run.engines import Device, Precision, device_for, fast_precisions, has_thin_maps
from convivo.run.memory import out_of_memory
from convivo.types import AnyArray


class Learner:
    """A model's net under Adam (Kingma, Ba 2015)."""

    def __init__(self, model: Model, *, rate: float, device: Device, precision: Precision) -> None:
        self.model = model
        self.device = device_for(device)
        self.precision = precision if precision != "auto" else fast_precisions(self.device)[0]
        self._layout = torch.channels_last if model.dimensions == 2 else torch.channels_last_3d
        model.net.to(device=self.device, memory_format=self._layout)  # type: ignore[call-overload]
        self.optimiser = torch.optim.Adam(model.net.parameters(), lr=rate)

    def learn(self, batch: Batch, rate: float) -> float:
        """Show a batch, compare, correct the weights; returns the loss."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.model.net.train()
        try:
            loss = self._loss(batch)
            self.optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
        except (MemoryError, RuntimeError) as error:
            if not out_of_memory(error):
                raise
            shape = " x ".join(map(str, batch.shown.shape))
            raise OutOfMemory(
                f"a batch of {shape} does not fit", fix="use a smaller --batch or --patch"
            ) from error
        value = float(loss.detach())
        if not np.isfinite(value):
            raise ConvivoError(f"the loss became {value}", fix=f"use a lower --rate, such as {rate / 10:.1g}")
        self.optimiser.step()
        return value

    def _loss(self, batch: Batch) -> Tensor:
        is_safe = not has_thin_maps(self.model.net, batch.shown.shape[2:])
        with torch.autocast(self.device, torch.bfloat16, enabled=self.precision == "bfloat16" and is_safe):
            output = self.model.net(self._tensor(batch.shown))
        return self.model.method.loss(output, self._tensor(batch.wanted))

    def _tensor(self, values: AnyArray) -> Tensor:
        tensor = torch.from_numpy(values).to(self.device)
        return tensor.contiguous(memory_format=self._layout)
