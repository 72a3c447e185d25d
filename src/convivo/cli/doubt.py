"""`convivo doubt`: may one believe a model's answer for these images?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convivo.cli import options
from convivo.cli.console import print_json, remark, say, watched

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convivo.doubt import Finding

NAME = "doubt"
DOUBTS, DO_NOT_USE = 1, 3  # exit codes; 2 is for what could not be done at all


def command(
    images: Annotated[list[str], typer.Argument(help="Files, folders or patterns: TIFF, PNG, JPEG.")],
    model: options.ModelName,
    out: Annotated[Path | None, typer.Option(help="Folder for report.html and findings.json.")] = None,
    axes: options.Axes = None,
    channel: options.Channel = None,
    scale: options.Scale = 1.0,
    quick: Annotated[
        bool, typer.Option("--quick", help="Only the checks that `predict` makes by itself.")
    ] = False,
    json: options.Json = False,
    config: options.Config = None,
) -> None:
    """Say when not to believe a model. Exit code 0 fine, 1 doubts, 3 do not use."""
    from convivo.doubt import findings_to_json, worst
    from convivo.doubt.examine import examine
    from convivo.io.atomic import output_folder, writing
    from convivo.io.images import read
    from convivo.io.inputs import find_images
    from convivo.model import Model, find_model
    from convivo.run.asking import PredictOptions

    opened = Model.load(find_model(model))
    asked = PredictOptions(scale=scale)
    paths = find_images(images)
    findings: list[Finding] = []
    for path in watched(paths, "doubting", len(paths), "image"):
        image = read(path, axes=axes, channel=channel)
        findings += examine(opened, image, quick=quick, options=asked)
    if out is not None:
        with writing(output_folder(out) / "findings.json") as part:
            part.write_bytes(findings_to_json(findings))
    if json:
        import msgspec

        print_json(msgspec.to_builtins(findings))
    else:
        show(findings, len(paths))
    level = worst(findings)
    if level.rank >= 2:
        raise SystemExit(DOUBTS if level == "warn" else DO_NOT_USE)


def show(findings: Sequence[Finding], images: int) -> None:
    """One line for each finding that is not fine, and how many images are."""
    from convivo.doubt import Level

    for finding in findings:
        if finding.level is not Level.fine:
            say(f"{finding.level:5} {finding.image}: {finding.id}: {finding.evidence}")
            if finding.advice:
                say(f"      {finding.advice}")
    doubtful = {finding.image for finding in findings if finding.level.rank >= 2}
    remark(f"{images - len(doubtful)} of {images} images raise no doubt")
