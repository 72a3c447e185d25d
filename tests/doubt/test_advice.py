"""Advice is something to type: its commands are found, complete, and have only options that there are."""

import ast
import shlex
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import typer

import convivo.doubt
from convivo.cli import app
from convivo.doubt import DataSet, Finding, Level, of_data
from convivo.doubt.advice import COMMAND, Advice, completed, in_parts, quoted
from convivo.doubt.case import Case
from convivo.doubt.checks import field, invention
from convivo.doubt.examine import examine, examine_model
from convivo.types import Annotated, Image, Restorable
from restorers import restorer

COMMANDS = typer.main.get_command(app).commands


def spoken(path):
    """Every string of a file that names a command, but docstrings; what is filled in later is 1."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    parts = {id(part) for each in ast.walk(tree) if isinstance(each, ast.JoinedStr) for part in each.values}
    for each in ast.walk(tree):
        if isinstance(each, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "1" for part in each.values)
        elif (
            isinstance(each, ast.Constant)
            and isinstance(each.value, str)
            and not {id(each)} & (silent | parts)
        ):
            yield each.value


FILES = Path(convivo.doubt.__file__).parent.rglob("*.py")
SPOKEN = {
    text
    for path in FILES
    if path.name != "advice.py"  # which completes what the others say
    for text in spoken(path)
    if "convivo " in text
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
        == f"convivo predict {quoted('in/a b.tif')} --model nuclei --out OUT --scale 0.5"
    )
    assert (
        advised("or train on: convivo train ... --from")
        == "or train on: convivo train stardist DATA --from nuclei --out OUT"
    )
    assert advised("or train one: convivo train") == "or train one: convivo train stardist DATA --out OUT"


def test_other_commands_name_the_model_too():
    assert advised("convivo train ... --depth 4") == "convivo train stardist DATA --out OUT --depth 4"
    assert advised("convivo train ... --from", method="n2v").startswith(
        "convivo train n2v IMAGES --from nuclei"
    )
    assert (
        advised("convivo fingerprint ... DATA", model="my nuclei")
        == f"convivo fingerprint {quoted('my nuclei')} DATA"
    )
    assert advised("so: convivo evaluate ... DATA") == "so: convivo evaluate --model nuclei DATA"


def test_a_folder_of_windows_stays_as_it_is():
    assert r"C:\new" in advised("convivo predict ... --scale 2", model=r"C:\new")


def test_what_is_complete_stays():
    for text in ("focus again", "convivo train n2v IMAGES --out denoiser"):
        assert advised(text) == text


@pytest.mark.parametrize(
    ("name", "posix", "windows"),
    [
        ("cells.tif", "cells.tif", "cells.tif"),
        ("a b.tif", "'a b.tif'", '"a b.tif"'),
        ("a,b.tif", "'a,b.tif'", '"a,b.tif"'),
        ("it's.tif", "'it'\"'\"'s.tif'", '"it\'s.tif"'),
        ("R&D", "'R&D'", '"R&D"'),
        ("C:\\my models\\", "'C:\\my models\\'", '"C:\\my models\\\\"'),
        (r"C:\models\n", r"'C:\models\n'", r"C:\models\n"),
    ],
)
def test_names_are_one_word_for_each_shell(name, posix, windows):
    assert quoted(name, windows=False) == posix
    assert quoted(name, windows=True) == windows
    for said in (posix, windows):
        command = f"convivo predict {said} --scale 2"
        assert in_parts(f"{command}, or look").command == command


def commands_of(advice):
    finding = Finding(image="a", id="scale", level=Level.warn, evidence="so", advice=advice)
    whole = completed(finding, images="a b.tif", model="nuclei", method="unet").advice
    return [found[0] for found in COMMAND.finditer(whole)]


def test_all_advice_in_the_code_can_be_typed():
    """Numbers and names that come later are 1; what a variable begins with or adds cannot be seen here."""
    assert len(SPOKEN) > 9
    for text in SPOKEN:
        for command in commands_of(text):
            _, name, *arguments = shlex.split(command)
            COMMANDS[name].make_parser(
                COMMANDS[name].make_context(name, [], resilient_parsing=True)
            ).parse_args(arguments)


WIDE = np.pad(np.ones((60, 60), np.int32), 20)
LINES = np.random.default_rng(0).normal(200, 40, (2, 96, 96))


def found_in_cases(trained, data):
    """Findings of images, of models and of data, each with a doubt that has an advice."""
    unknown = trained.with_card(fingerprint=None)
    case = Case(unknown, data[0].image)
    case.prediction = replace(Case(unknown, data[0].image).prediction, labels=WIDE)
    yield from field.ask(case)
    yield from examine(unknown, data[0].image, quick=True)
    yield from examine(trained, Image(np.zeros((3, 40, 40)), "CYX", "rgb"))
    yield from examine_model(restorer("n2v"))
    lines = LINES + np.roll(LINES, 1, axis=2)
    yield from examine(restorer("n2v"), Image(lines[:1], "CYX", "lines"), quick=False)
    noisy = [Restorable(Image(each[None], "CYX", "a"), None, "a") for each in lines]
    yield from of_data.check(DataSet(data=noisy, method="n2v"))
    large = Image(np.random.default_rng(1).normal(size=(1, 400, 400)), "CYX", "large")
    masks = np.zeros((400, 400), np.int32)
    masks[50:350, 50:350] = 1
    yield from of_data.check(
        DataSet(data=[Annotated(large, masks, name) for name in "abc"], method="stardist")
    )
    yield from of_data.check(DataSet(data=[Annotated(large, masks, "a")], model=unknown))
    foreign = Image(np.random.default_rng(2).normal(size=(1, 64, 64)).cumsum(2).cumsum(1), "CYX", "smooth")
    for method in ("care", "n2v"):
        answer = Case(restorer(method), foreign).restoration
        blurred = replace(answer, image=replace(answer.image, array=foreign.array / 2))
        yield from invention.ask(Case(restorer(method), foreign, known=blurred))


def test_all_advice_in_cases_can_be_typed(trained, data):
    said = [finding.advice for finding in found_in_cases(trained, data) if "convivo " in finding.advice]
    typed = {command for advice in said for command in commands_of(advice)}
    assert {command.split()[1] for command in typed} >= {"predict", "train", "fingerprint", "evaluate"}
    for command in typed:
        assert "..." not in command
        COMMANDS[command.split()[1]].make_context("convivo", shlex.split(command)[2:])
