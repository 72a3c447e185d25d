"""How good a model for nuclei is: on BBBC039's validation fields, on the validation rows of DSB2018, on empty fields.

    python benchmarks/nuclei.py DATA [--model nuclei] [--report OUT]

DATA holds what recipes/nuclei.toml names. The fields of BBBC039 chose nothing; the rows of DSB2018 chose weights and
settings of the shipped models. `--report` draws the ten worst images of each part.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from convivo.cli.evaluate import case_of, drawn
from convivo.io.atomic import output_folder
from convivo.model import Model, find_model
from convivo.report.content import Drawn, Report
from convivo.report.page import write_report
from convivo.run.evaluate import ImageScore, evaluate, score_rows
from convivo.run.predict import Predictor
from convivo.run.recipe import gather, read_recipe
from convivo.types import Annotated, Image

RECIPE = Path(__file__).parents[1] / "recipes" / "nuclei.toml"
BARS = {"BBBC039 validation": {0.5: 0.92, 0.75: 0.82, 0.9: 0.35}, "DSB2018 validation rows": {0.5: 0.82}}
EMPTY_FIELDS = 20
PICTURED = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", default="nuclei")
    parser.add_argument("--report", type=Path)
    asked = parser.parse_args()
    predictor = Predictor(Model.load(find_model(asked.model)))
    found = gather(read_recipe(RECIPE), asked.data)
    choosing = [each for each in found.learn if found.parts[each.name] == "validation"]
    for name, data in zip(BARS, (found.test, choosing), strict=True):
        scores, cases = scored(
            predictor,
            [each for each in data if isinstance(each, Annotated)],
            draw=asked.report is not None,
        )
        print_rows(name, scores)
        if asked.report:
            page = output_folder(asked.report) / f"{name.replace(' ', '-')}.html"
            report = Report(
                title=f"{asked.model}: {name}",
                scores=score_rows(scores),
                cases=tuple(cases),
                pictured=PICTURED,
            )
            write_report(page, report)
    counts = [len(predictor.predict(field).objects) for field in empty_fields()]
    print(f"{EMPTY_FIELDS} empty noisy fields: {sum(counts)} objects (bar 0)")


def scored(
    predictor: Predictor, data: Sequence[Annotated], *, draw: bool
) -> tuple[list[ImageScore], list[Drawn]]:
    """Score of each image, and its pictures where they are wanted."""
    scores, cases = [], []
    for each, (score, prediction) in zip(data, evaluate(predictor, data), strict=True):
        scores.append(score)
        if draw:
            cases.append(drawn(case_of(each, prediction), score, prediction.page_axes))
    return scores, cases


def print_rows(name: str, scores: Sequence[ImageScore]) -> None:
    """Accuracy at each threshold, and what is missing to the bar."""
    rows = score_rows(scores)
    total = rows[0].total
    print(f"{name}: {len(scores)} images, {total.true_positives + total.false_negatives} objects")
    for row in rows:
        bar = BARS[name].get(row.total.iou)
        against = "" if bar is None else f"   bar {bar:.2f} ({row.total.accuracy - bar:+.3f})"
        print(f"  IoU {row.total.iou:.2f}: {row.total.accuracy:.3f} ({row.low:.3f}-{row.high:.3f}){against}")


def empty_fields() -> list[Image]:
    """Background, uneven in some, with a camera's noise of many strengths."""
    rng = np.random.default_rng(0)
    fields = []
    for number in range(EMPTY_FIELDS):
        slope = np.linspace(0, rng.uniform(0, 200) * (number % 2), 512)[:, None]
        photons = rng.poisson(rng.uniform(5, 500) + slope, (512, 512))
        camera = 100 + photons + rng.normal(0, rng.uniform(0, 8), (512, 512))
        fields.append(Image(np.clip(camera, 0, 65535).astype(np.uint16)[None]))
    return fields


if __name__ == "__main__":
    main()
