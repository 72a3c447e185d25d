"""How soon a learner sees something: the time from Run to the first output, thirty at once, and the memory of one run.

    python benchmarks/course_runs.py [--times 20] [--learners 30]

The exercise is a small one of torch: one convolution of one layer, twenty steps of Adam on an image of 16 x 16. Each
run is a process of its own, contained as it is in the lab.
"""

from __future__ import annotations

import argparse
import os
import statistics
import threading
from time import perf_counter

from peers import hardware

from convivo.course.runner.program import Limits, Printed, Program, Ready
from convivo.course.runner.runner import Runner

EXERCISE = """
import torch

image = torch.rand(1, 1, 16, 16)
wanted = torch.nn.functional.avg_pool2d(image, 3, 1, 1)
layer = torch.nn.Conv2d(1, 1, 3, padding=1)
adam = torch.optim.Adam(layer.parameters(), 0.05)
for step in range(20):
    adam.zero_grad()
    loss = torch.nn.functional.mse_loss(layer(image), wanted)
    loss.backward()
    adam.step()
print(f"loss {loss.item():.4f}")
"""
FIRST, TOGETHER, MEMORY = 0.1, 3.0, 20.0  # seconds, seconds, megabytes


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--learners", type=int, default=30)
    asked = parser.parse_args()
    begun = perf_counter()
    with Runner() as runner:
        level = runner.isolation.level
        print(hardware(), "load", *(f"{load:.1f}" for load in os.getloadavg()), f"isolation {level}")
        print(f"{'the warmed process was ready after':<48} {perf_counter() - begun:8.2f} s")
        firsts = [first_output(runner) for _ in range(asked.times)]
        row(f"Run to first output, median of {asked.times}", statistics.median(firsts), FIRST, "s")
        print(f"{'    fastest and slowest':<48} {min(firsts):8.3f} to {max(firsts):.3f} s")
        row(
            f"{asked.learners} at once, until the last has ended",
            together(runner, asked.learners),
            TOGETHER,
            "s",
        )
        row("private memory of one run", memory(runner), MEMORY, "MB")


def row(name: str, value: float, bar: float, unit: str) -> None:
    print(
        f"{name:<48} {value:8.3f} {unit:<3} bar {bar:g} {unit:<3} {'met' if value < bar else 'MISSED'}",
        flush=True,
    )


def first_output(runner: Runner) -> float:
    """Seconds from start to the first text."""
    begun = perf_counter()
    with runner.start(Program(EXERCISE), Limits()) as run:
        for event in run.events():
            if isinstance(event, Printed):
                return perf_counter() - begun
    raise RuntimeError("the exercise printed nothing")


def together(runner: Runner, learners: int) -> float:
    """Seconds until all have ended who press Run at the same moment."""
    begun = perf_counter()
    runs = [runner.start(Program(EXERCISE), Limits()) for _ in range(learners)]
    waiting = [threading.Thread(target=lambda run=run: list(run.events())) for run in runs]
    for thread in waiting:
        thread.start()
    for thread in waiting:
        thread.join()
    ended = [run.ended.reason for run in runs if run.ended is not None]
    if ended != ["done"] * learners:
        raise RuntimeError(f"they ended otherwise: {ended}")
    return perf_counter() - begun


def memory(runner: Runner) -> float:
    """Megabytes that a run shares with nobody, after it ran and before it ends: Private_Dirty of its process."""
    source = EXERCISE + "print(open('/proc/self/smaps_rollup').read())\n"
    with runner.start(Program(source, answers=True), Limits()) as run:
        events = list(run.events())
        if not isinstance(events[-1], Ready):
            raise TypeError(f"it is not ready: {events[-1]}")
    text = "".join(event.text for event in events if isinstance(event, Printed))
    line = next(line for line in text.splitlines() if line.startswith("Private_Dirty:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
