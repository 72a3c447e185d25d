"""Advice as something to type: the command in it, complete with the names that are known."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

import msgspec

from convivo.doubt.finding import Finding

# a command ends where the sentence goes on; what is quoted in it may hold anything
COMMAND = re.compile(r"""\bconvivo [a-z0-9]+(?: (?:'[^']*'|"[^"]*"|[^\s,;()])+)*""")


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

    What is still to be chosen stands in capitals: DATA is a folder of images and masks.
    """
    image, named = shlex.quote(images), shlex.quote(model)
    whole = {
        r"convivo predict \.\.\.": f"convivo predict {image} --model {named} --out OUT",
        r"convivo train \.\.\. --from\b(?! [^\s-])": f"convivo train {method} DATA --from {named} --out OUT",
        r"convivo train$": f"convivo train {method} DATA --out OUT",
    }
    advice = finding.advice
    for begun, command in whole.items():
        advice = re.sub(begun, command.replace("\\", r"\\"), advice)
    return msgspec.structs.replace(finding, advice=advice)
