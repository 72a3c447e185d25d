"""What is said of doubt: one line for each finding that matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convivo.cli.console import remark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convivo.doubt import Finding


def say_doubts(findings: Iterable[Finding]) -> None:
    """What is worth a look before one believes the answer."""
    from convivo.doubt import Level

    for finding in findings:
        if finding.level.rank >= Level.warn.rank:
            remark(f"{finding.level}: {finding.image}: {finding.id}: {finding.evidence}")
