"""The long exercise of the course on real nuclei: what a learner's own code reaches in five minutes of training.

    python benchmarks/course_nuclei.py DATA [--minutes 5] [--trials 4] [--threads 2] [--features 16] [--busy]

DATA holds train/ and validation/ with images/ and masks/ (`convivo samples get bbbc039`). The program is the solution
of the exercise `nuclei_finder`, as it stands there. Its own split divides the fields of train/ into training,
validation and test; training fields train, validation fields choose the number of features (`--features` takes one
and tunes nothing). The scores are those on the learner's sealed test fields and on the fields of validation/, which
nothing chose, beside Otsu's threshold with connected components on the same fields.

`--busy` is for a machine on which others compute too: trainings then count the processor's time, divided by the
threads, and not the clock's.
"""

from __future__ import annotations

import argparse
import importlib
import os
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import convivo

EXERCISE = Path(convivo.__file__).parent / "course" / "exercises" / "nuclei_finder" / "exercise.py"
BARS = {"unet": 0.68, "stardist": 0.80}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--trials", type=int, default=4)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--features", type=int)
    parser.add_argument("--busy", action="store_true")
    parser.add_argument("--methods", nargs="+", default=list(BARS))
    asked = parser.parse_args()
    import torch

    torch.set_num_threads(asked.threads)
    if asked.busy:
        training_loop = importlib.import_module("convivo.run.train")
        vars(training_loop)["perf_counter"] = lambda: process_time() / asked.threads
    learner = functions()
    os.environ["CONVIVO_DATA"] = str(asked.data / "train")
    data, named = learner["read_data"](), convivo.open_pairs(asked.data / "validation")
    parts = learner["split"]([each.group for each in data.data])
    training, validation, test = (
        learner["of_part"](data, parts, part) for part in ("training", "validation", "test")
    )
    sides = {"sealed test": test, "named fields": named}
    print(f"{len(training.data)} fields train, {len(validation.data)} choose; load {os.getloadavg()[0]:.1f}")
    for side, fields in sides.items():
        found = [learner["otsu"](each.image.array[0]) for each in fields.data]
        print(f"Otsu, components      {side} ({len(fields.data)}): AP {score(learner, fields, found):.3f}")
    for method in asked.methods:
        started = perf_counter()
        if asked.features:
            model = learner["new_model"](method, asked.features, training)
            learner["train"](model, training, validation, asked.minutes)
        else:
            model = learner["find_nuclei"](method, training, validation, asked.minutes, asked.trials)
        seconds = perf_counter() - started
        print(f"{method}: {seconds / 60:.1f} minutes in all; load {os.getloadavg()[0]:.1f}")
        for side, fields in sides.items():
            reached = score(learner, fields, learner["predict"](model, fields))
            print(f"{method:20}  {side} ({len(fields.data)}): AP {reached:.3f}   bar {BARS[method]:.2f}")


def functions() -> dict[str, Any]:
    """What the exercise defines: its program, without the last cells that try it out."""
    program, _, _ = EXERCISE.read_text(encoding="utf-8").partition("\ndata = read_data()")
    names: dict[str, Any] = {"__name__": "exercise"}
    exec(compile(program, str(EXERCISE), "exec"), names)
    return names


def score(learner: dict[str, Any], fields: convivo.Pairs, found: list[Any]) -> float:
    """AP at IoU 0.5, as the learner counts it."""
    return float(learner["average_precision"](learner["masks_of"](fields), found))


if __name__ == "__main__":
    main()
