"""Does the advice of a doubtful answer help? Followed, and measured against the truth.

    python benchmarks/doubt_advice.py DATA [--model nuclei]

Images of nuclei that set no limit (the other half of DSB2018's validation groups, every fourth validation field of
BBBC039) are altered in ways for which there is an advice that can be followed; those that are doubted are shown again
as the findings say. What Fiji would do is done by the same algorithm (rolling ball).
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
from peers import hardware

from convivo.doubt import Finding, Level, worst
from convivo.doubt.case import Case
from convivo.doubt.examine import examination
from convivo.model import Model, find_model
from convivo.ops.alterations import altered
from convivo.ops.remedies import REMEDIES, Remedy
from convivo.run.asking import PredictOptions
from convivo.run.stress import accuracy
from convivo.types import Annotated, Image
from doubt import dsb, fields

INVERT, SUBTRACT, MASK = REMEDIES


SCALE = r"--scale ([0-9.]+)"
# alteration: pattern of the advice that is followed, and how; None is the advised --scale
FOLLOWED: dict[str, tuple[str, Remedy | None]] = {
    "smaller": (SCALE, None),
    "larger": (SCALE, None),
    "inverted": ("invert the image", INVERT),
    "uneven": ("subtract the background", SUBTRACT),
    "littered": ("bright spot", MASK),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", default="nuclei")
    asked = parser.parse_args()
    model = Model.load(find_model(asked.model))
    print(hardware())
    print(f"{'':12}{'images':>8}{'doubted':>9}{'advised':>9}{'accuracy before':>17}{'after':>8}{'better':>8}")
    for kind, (words, remedy) in FOLLOWED.items():
        row(kind, [tried(model, kind, number, each, words, remedy) for number, each in images(asked.data)])


def images(data: Path) -> Iterator[tuple[int, Annotated]]:
    some = chain(
        dsb(data, "fluo", "validation", slice(1, None, 2)), fields(data, "validation", slice(None, None, 4))
    )
    return enumerate(list(some)[::2])


def row(kind: str, found: list[tuple[bool, float, float | None]]) -> None:
    followed = [(before, after) for _, before, after in found if after is not None]
    before, after = np.array(followed).reshape(-1, 2).T
    print(
        f"{kind:12}{len(found):8}{sum(doubted for doubted, _, _ in found):9}{len(followed):9}"
        f"{before.mean() if len(before) else np.nan:17.2f}{after.mean() if len(after) else np.nan:8.2f}"
        f"{(after > before).mean() if len(after) else np.nan:8.0%}",
        flush=True,
    )


def tried(
    model: Model, kind: str, number: int, each: Annotated, words: str, remedy: Remedy | None
) -> tuple[bool, float, float | None]:
    """Whether it is doubted, the accuracy, and the accuracy once the advice was followed, if it was given."""
    rng = np.random.default_rng((number, *kind.encode()))
    channel, truth = altered(kind, each.image.array[0], each.labels, rng)
    case = Case(model, Image(channel[None], "CYX", each.name))
    findings = examination(case).findings
    before = accuracy(truth, case.prediction.labels)
    doubted = worst(findings).rank >= Level.warn.rank
    advice = next((each.advice for each in findings if advised(each, words)), None)
    if not doubted or advice is None:
        return doubted, before, None
    if remedy is None:
        scale = float(re.findall(SCALE, advice)[0])
        followed = Case(model, case.image, PredictOptions(scale=scale))
    else:
        followed = Case(model, replace(case.image, array=remedy.apply(channel)[None]))
    return doubted, before, accuracy(truth, followed.prediction.labels)


def advised(finding: Finding, words: str) -> bool:
    return finding.level.rank >= Level.note.rank and re.search(words, finding.advice) is not None


if __name__ == "__main__":
    main()
