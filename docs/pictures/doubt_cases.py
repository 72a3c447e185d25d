"""Draw the pictures of docs/doubt*.md: of each check a case that it catches, and one that it cannot.

    python docs/pictures/doubt_cases.py [NAME ...]

Images are simulated, models are those that come along, and what stands below a picture is what the check says when
it is drawn. A case that is no longer one raises: so drawing tells when a check has learned to see what the docs say
that it cannot. All of them take four minutes of one core, most of it for four small nets that are trained.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

import of_answers
import of_data
import of_restoration
from panels import Case, draw

HERE = Path(__file__).parent

CASES: MappingProxyType[str, Callable[[], Case]] = MappingProxyType(
    {
        "overall": of_answers.overall_case,
        "scale": of_answers.scale_case,
        "field": of_answers.field_case,
        "light": of_answers.light_case,
        "kind": of_answers.kind_case,
        "stability": of_answers.stability_case,
        "tiles": of_answers.tiles_case,
        "calibration": of_answers.calibration_case,
        "leak": of_data.leak_case,
        "labels": of_data.labels_case,
        "pairing": of_data.pairing_case,
        "balance": of_data.balance_case,
        "field-before-training": of_data.field_case,
        "convexity": of_data.convexity_case,
        "overfit": of_restoration.overfit_case,
        "noise": of_restoration.noise_case,
        "invention": of_restoration.invention_case,
        "renoising": of_restoration.renoising_case,
    }
)


def path_of(name: str) -> Path:
    """Where the picture of a check lies."""
    return HERE / f"doubt-{name}.png"


def main(names: list[str]) -> None:
    """Draw those that are named, or all."""
    for name in names or list(CASES):
        case = CASES[name]()
        draw(path_of(name), case)
        for panel in (case.caught, case.missed):
            sys.stdout.write(f"{name}: {panel.finding.level}: {panel.said}; {panel.truth}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
