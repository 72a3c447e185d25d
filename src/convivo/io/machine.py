"""What the processor is called; verdicts on engines hold for one processor."""

from __future__ import annotations

import platform
from pathlib import Path

PROCESSORS = Path("/proc/cpuinfo")  # Linux; elsewhere the platform knows it


def processor_name(listing: Path = PROCESSORS) -> str:
    """Model of the first processor, as the system names it."""
    if listing.is_file():
        for line in listing.read_text(errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
