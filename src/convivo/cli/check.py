"""`convivo check`: what is wrong with a data set, before anybody trains on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convivo.cli import options
from convivo.cli.console import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convivo.doubt import Finding
    from convivo.work.events import Checked

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
    from convivo.doubt import findings_to_json
    from convivo.work.checking import check
    from convivo.work.events import Checked
    from convivo.work.orders import CheckOrder

    order = CheckOrder(
        data=str(data),
        method=method,
        model=model,
        by=tuple(by or ()),
        out=str(out) if out else None,
        axes=axes,
        channel=channel,
    )
    level = ""
    for event in check(order):
        if isinstance(event, Checked):
            level = event.level
            if json:
                say(findings_to_json(event.findings).decode())
            else:
                show(event.findings)
                say(summary(event))
    raise SystemExit(CODES[level])


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


def summary(checked: Checked) -> str:
    """What was looked at."""
    checks = sorted({each.id for each in checked.findings})
    return (
        f"looked at {checked.images:,} images of {checked.groups:,} groups, "
        f"for {checked.method}: {', '.join(checks)}"
    )
