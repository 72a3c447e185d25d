"""Check a data set before anybody trains on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from convivo.doubt import DataSet, Finding, Level, findings_to_json, worst, worst_first
from convivo.doubt.checks.leak import ID, suggested_groups
from convivo.doubt.of_data import check as check_data
from convivo.doubt.of_data import look_at
from convivo.io.atomic import output_folder, writing
from convivo.io.tables import write_table
from convivo.model import Model, find_model
from convivo.work.events import Begun, Checked, Event
from convivo.work.orders import CheckOrder


def check(order: CheckOrder) -> Iterator[Event]:
    """Look at a folder, ask all checks, and write what they say where a folder is given for it."""
    yield Begun(what="checking", total=0, about=Path(order.data).name)
    model = Model.load(find_model(order.model)) if order.model else None
    looked = look_at(
        Path(order.data),
        method=order.method,
        model=model,
        axes=order.axes,
        channel=order.channel,
        by=order.by,
    )
    findings = worst_first([*looked.findings, *check_data(looked.data)])
    yield Checked(
        findings=tuple(findings),
        level=worst(findings).value,
        images=len(looked.data.data),
        groups=len({each.group for each in looked.data.data}),
        method=looked.data.method,
    )
    if order.out:
        write(Path(order.out), looked.data, findings)


def write(folder: Path, data: DataSet, findings: Sequence[Finding]) -> None:
    """All findings, and a groups.csv where two groups show one field."""
    folder = output_folder(folder)
    with writing(folder / "findings.json") as part:
        part.write_bytes(findings_to_json(findings))
    if any(each.id == ID and each.level is not Level.fine for each in findings):
        write_table(folder / "groups.csv", ("image", "group"), suggested_groups(data))
