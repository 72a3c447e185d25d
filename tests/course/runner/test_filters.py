"""The numbers of system calls, against those of the kernel's own header files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from convivo.course.runner.linux import filters

HEADERS = (
    Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    Path("/usr/include/asm-generic/unistd.h"),
)


@pytest.mark.parametrize(("column", "header"), list(enumerate(HEADERS)), ids=("x86_64", "aarch64"))
def test_the_numbers_of_refused_calls_are_the_kernel_s(column, header):
    if not header.exists():
        pytest.skip(f"{header} is not here")
    known = {
        name: int(number)
        for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)\b", header.read_text())
    }
    ours = {name: both[column] for name, both in (filters.REFUSED | filters.LEAVING).items()}
    there = {name: number for name, number in ours.items() if number is not None and number >= 0}
    compared = {name: number for name, number in there.items() if name in known}
    assert len(compared) > 45  # a header may be older than the newest call
    assert compared == {name: known[name] for name in compared}


def test_every_jump_of_the_filter_stays_within_it():
    for machine in ("x86_64", "aarch64"):
        code = filters.instructions(machine, may_leave=False)
        count = len(code) // 8
        for place in range(count):
            kind, then, otherwise = code[8 * place], code[8 * place + 2], code[8 * place + 3]
            if kind & 0x07 == 0x05:
                assert place + 1 + max(then, otherwise) < count
        assert code[-8:-6] == b"\x06\x00"  # the last one returns
