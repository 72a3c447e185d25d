"""Advice as something to type: the command in it, complete with the names that are known."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass

import msgspec

from convivo.doubt.finding import Finding

# a command ends where the sentence goes on; what is quoted in it may hold anything
COMMAND = re.compile(r"""\bconvivo [a-z0-9]+(?: (?:'[^']*'|"[^"]*"|[^\s,;()])+)*""")
PLAIN = re.compile(r"[A-Za-z0-9_@+=:./\\-]+")  # needs no quotes under Windows


@dataclass(frozen=True, slots=True)
class Advice:
    """Words, a command that can be copied, and more words; each may be empty."""

    before: str
    command: str
    after: str


def in_parts(advice: str) -> Advice:
    """Find the command in a piece of advice, if there is one."""
    found = COMMAND.search(advice)
    if found is None:
        return Advice(advice, "", "")
    return Advice(advice[: found.start()].rstrip(), found[0], advice[found.end() :])


def completed(finding: Finding, *, images: str, model: str, method: str) -> Finding:
    """The finding with commands that run: "convivo predict ... --scale 2" names the image, the model and a folder.

    What is still to be chosen stands in capitals: DATA is a folder of images and masks, IMAGES are noisy ones.
    """
    image, named = quoted(images), quoted(model)
    data = "IMAGES" if method == "n2v" else "DATA"
    whole = {
        r"convivo predict \.\.\.": f"convivo predict {image} --model {named} --out OUT",
        r"convivo train \.\.\. --from\b(?! [^\s-])": f"convivo train {method} {data} --from {named} --out OUT",
        r"convivo train \.\.\.": f"convivo train {method} {data} --out OUT",
        r"convivo train$": f"convivo train {method} {data} --out OUT",
        r"convivo evaluate \.\.\.": f"convivo evaluate --model {named}",
        r"convivo fingerprint \.\.\.": f"convivo fingerprint {named}",
    }
    advice = finding.advice
    for begun, command in whole.items():
        advice = re.sub(begun, command.replace("\\", r"\\"), advice)
    return msgspec.structs.replace(finding, advice=advice)


def quoted(name: str, *, windows: bool = os.name == "nt") -> str:
    """A name as one word of a command line: in double quotes under Windows, whose shells know no others."""
    if windows:
        ending = "\\" * (
            len(name) - len(name.rstrip("\\"))
        )  # a backslash before the last quote would take it away
        return name if PLAIN.fullmatch(name) else f'"{name}{ending}"'
    safe = shlex.quote(name)
    return (
        f"'{name}'" if safe == name and "," in name else safe
    )  # a comma would end the command in a sentence
