"""Predictions, checks and simulations in a job process: what they yield is told as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from convivo.work.checking import check
from convivo.work.events import Event, Predicted
from convivo.work.orders import CheckOrder, PredictOrder, SimulateOrder
from convivo.work.predicting import predict
from convivo.work.simulating import simulate

if TYPE_CHECKING:
    from convivo.lab.jobs.wishes import Wishes


def carry_out(
    order: PredictOrder | CheckOrder | SimulateOrder, tell: Callable[..., None], wishes: Wishes
) -> bool:
    """Do it; whether it was stopped. Who stops it interrupts: a prediction then writes the table of what is done."""
    stopped = False
    for event in _events(order):
        tell(event)
        if isinstance(event, Predicted):
            stopped = event.stopped
        if wishes.stop:
            stopped = True
    return stopped


def _events(order: PredictOrder | CheckOrder | SimulateOrder) -> Iterator[Event]:
    match order:
        case PredictOrder():
            return predict(order)
        case CheckOrder():
            return check(order)
        case SimulateOrder():
            return simulate(order)
