"""`convivo check`: what is wrong with a data set, before anybody trains on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convivo.cli import options
from convivo.cli.console import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convivo.doubt import DataSet, Finding

NAME = "check"
CODES = {"fine": 0, "note": 0, "warn": 1, "stop": 3}
LINES = 6  # of an advice that are shown; findings.json has all
ALIKE = 5  # findings of one check and level that are shown


def command(
    data: Annotated[
        Path, typer.Argument(help="Folder with images/ and masks/ (care: low/ and high/); n2v: noisy images.")
    ],
    method: Annotated[str, typer.Option(help="What is to be trained: unet, stardist, care or n2v.")] = "unet",
    model: Annotated[
        str | None, typer.Option(help="Model to be trained on or used with the data; says the method too.")
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            help="Column of groups.csv that names subgroups, such as stain or day. May be repeated."
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for findings.json and groups.csv.")] = None,
    axes: options.Axes = None,
    channel: options.Channel = None,
    json: options.Json = False,
    config: options.Config = None,
) -> None:
    """Look for what spoils a training: fields on both sides, bad masks, rare objects, a net that sees too little.

    Exit code 0: nothing, or worth knowing. 1: look before you train. 3: do not train on this.
    """
    from convivo.doubt import findings_to_json, worst, worst_first
    from convivo.doubt.of_data import check, look_at
    from convivo.model import Model, find_model

    opened = Model.load(find_model(model)) if model else None
    looked = look_at(data, method=method, model=opened, axes=axes, channel=channel, by=by or ())
    findings = worst_first([*looked.findings, *check(looked.data)])
    if json:
        say(findings_to_json(findings).decode())
    else:
        show(findings)
        say(summary(looked.data, findings))
    if out:
        write(out, looked.data, findings)
    raise SystemExit(CODES[worst(findings)])


def show(findings: Sequence[Finding]) -> None:
    """One line each, and below it what to do; of many that are alike the first few."""
    shown: dict[tuple[str, str], int] = {}
    for each in findings:
        kind = (each.level.value, each.id)
        shown[kind] = shown.get(kind, 0) + 1
        if shown[kind] <= ALIKE:
            about = f"{each.image}: " if each.image else ""
            say(f"{each.level.value:5} {each.id:9} {about}{each.evidence}")
            for line in advice_of(each):
                say(f"      {line}")
    for (level, check), count in shown.items():
        if count > ALIKE:
            say(f"{level:5} {check:9} and {count - ALIKE:,} more (--out or --json has all)")


def advice_of(finding: Finding) -> list[str]:
    """Its lines, not more than a person reads."""
    lines = finding.advice.splitlines()
    if len(lines) <= LINES:
        return [*(["do: " + lines[0]] if lines else []), *lines[1:]]
    return ["do: " + lines[0], *lines[1:LINES], f"... and {len(lines) - LINES:,} lines more (--out has all)"]


def summary(data: DataSet, findings: Sequence[Finding]) -> str:
    """What was looked at."""
    groups = len({each.group for each in data.data})
    checks = sorted({each.id for each in findings})
    return f"looked at {len(data.data):,} images of {groups:,} groups, for {data.method}: {', '.join(checks)}"


def write(folder: Path, data: DataSet, findings: Sequence[Finding]) -> None:
    """All findings, and a groups.csv where two groups show one field."""
    from convivo.doubt import Level, findings_to_json
    from convivo.doubt.checks.leak import ID, suggested_groups
    from convivo.io.atomic import output_folder, writing
    from convivo.io.tables import write_table

    folder = output_folder(folder)
    with writing(folder / "findings.json") as part:
        part.write_bytes(findings_to_json(findings))
    if any(each.id == ID and each.level is not Level.fine for each in findings):
        write_table(folder / "groups.csv", ("image", "group"), suggested_groups(data))
