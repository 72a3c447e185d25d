"""Advice is something to type: its commands are found, complete, and have only options that there are."""

import re
from pathlib import Path

import pytest
import typer

from convivo.cli import app
from convivo.doubt import Finding, Level, checks
from convivo.doubt.advice import Advice, completed, in_parts

COMMANDS = typer.main.get_command(app).commands
SPOKEN = {
    text
    for path in Path(checks.__file__).parent.glob("*.py")
    for text in re.findall(r"convivo [^\"']*", path.read_text(encoding="utf-8"))
}


@pytest.mark.parametrize(
    ("text", "before", "command", "after"),
    [
        ("focus again", "focus again", "", ""),
        (
            "expose longer; or first: convivo train n2v IMAGES --out denoiser",
            "expose longer; or first:",
            "convivo train n2v IMAGES --out denoiser",
            "",
        ),
        (
            "convivo train n2v A --along X --out d, or read better",
            "",
            "convivo train n2v A --along X --out d",
            ", or read better",
        ),
        (
            "convivo predict 'a (1), b; c.tif' --out 'd  e'; or look",
            "",
            "convivo predict 'a (1), b; c.tif' --out 'd  e'",
            "; or look",
        ),
        ("as in convivo itself", "as in", "convivo itself", ""),
        ("", "", "", ""),
    ],
)
def test_the_command_stands_apart_from_the_words(text, before, command, after):
    assert in_parts(text) == Advice(before, command, after)


def advised(advice, **names):
    finding = Finding(image="a", id="scale", level=Level.warn, evidence="so", advice=advice)
    known = {"images": "in/a b.tif", "model": "nuclei", "method": "stardist", **names}
    return completed(finding, **known).advice


def test_commands_name_the_image_and_the_model():
    assert (
        advised("convivo predict ... --scale 0.5")
        == "convivo predict 'in/a b.tif' --model nuclei --out OUT --scale 0.5"
    )
    assert (
        advised("or train on: convivo train ... --from")
        == "or train on: convivo train stardist DATA --from nuclei --out OUT"
    )
    assert advised("or train one: convivo train") == "or train one: convivo train stardist DATA --out OUT"


def test_a_folder_of_windows_stays_as_it_is():
    assert r"C:\new" in advised("convivo predict ... --scale 2", model=r"C:\new")


def test_what_is_complete_stays():
    for text in ("focus again", "convivo train n2v IMAGES --out denoiser"):
        assert advised(text) == text


@pytest.mark.parametrize("text", sorted(SPOKEN))
def test_what_checks_advise_can_be_typed(text):
    command = in_parts(text).command.split()
    if len(command) < 2 or command[1] not in {"predict", "train", "evaluate", "simulate"}:
        return
    known = {word for each in COMMANDS[command[1]].params for word in each.opts}
    assert {word for word in command if word.startswith("--")} <= known
