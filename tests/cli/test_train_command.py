"""`convivo train`: what cannot be meant is refused, and Ctrl-C leaves no step half done."""

import os
import re
import signal
import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import msgspec
import pytest

from convivo.cli import watching
from convivo.cli.train import follow
from convivo.errors import BadInput
from convivo.io.pairs import open_pairs
from convivo.methods import METHODS
from convivo.model import Model, ModelFolder
from convivo.run.recipe import read_recipe
from convivo.run.train import Step, TrainConfig, train

STEP = Step(1, 0.5, 0.001, 0.5, 1.0)


@pytest.mark.parametrize(
    ("option", "words"), [("--rate", "rate 0.0 is not a number above 0"), ("--seed", "seed -1")]
)
def test_numbers_that_mean_nothing_are_refused(convivo, folder, tmp_path, option, words):
    value = {"--rate": 0, "--seed": -1}[option]
    code, _, err = convivo("train", "unet", folder, "--out", tmp_path / "m", option, value)
    assert code == 2
    assert words in err


def test_a_method_that_is_not_there_is_refused_with_from_too(convivo, folder, model_folder, tmp_path):
    code, _, err = convivo("train", "stardust", folder, "--out", tmp_path / "m", "--from", model_folder)
    assert code == 2
    assert "no method 'stardust'" in err
    assert not (tmp_path / "m").exists()


def test_a_model_of_another_method_is_refused(convivo, folder, trained, tmp_path, monkeypatch):
    monkeypatch.setitem(METHODS, "other", METHODS["unet"])
    card = msgspec.structs.replace(trained.card, method="other")
    Model(card, trained.net).save(tmp_path / "other")
    code, _, err = convivo("train", "unet", folder, "--out", tmp_path / "m", "--from", tmp_path / "other")
    assert code == 2
    assert "is of the method other, not unet" in err


def test_a_mistyped_folder_to_resume_is_not_made(convivo, folder, tmp_path):
    code, _, err = convivo("train", "unet", folder, "--out", tmp_path / "mistyped", "--resume")
    assert code == 2
    assert "no unfinished training" in err
    assert not (tmp_path / "mistyped").exists()


def test_resume_says_which_options_it_does_not_look_at(convivo, folder, tmp_path):
    data = open_pairs(folder).data
    model = Model.new("unet", data, name="m", filters=4, depth=1)
    steps = train(model, data, TrainConfig(steps=2, patch=48, batch=1), store=ModelFolder(tmp_path / "m"))
    next(steps)
    steps.close()
    code, _, err = convivo("train", "unet", folder, "--out", tmp_path / "m", "--resume", "--steps", 9)
    assert code == 0, err
    assert "does not look at --steps\n" in err
    assert Model.load(tmp_path / "m").card.training.steps == 2


def test_fine_tuning_says_which_sizes_it_does_not_look_at(convivo, folder, tmp_path):
    model = Model.new("stardist", open_pairs(folder).data, name="m", filters=4, depth=1, rays=8, features=4)
    model.save(tmp_path / "stars")
    tuned = ("train", "stardist", folder, "--from", tmp_path / "stars", "--steps", 1, "--patch", 48)
    code, _, err = convivo(*tuned, "--out", tmp_path / "a", "--rays", 16, "--grid", 1, "--filters", 8)
    assert code == 0, err
    assert f"the net is that of {tmp_path / 'stars'}; not looked at: --filters, --rays, --grid\n" in err
    assert Model.load(tmp_path / "a").card.net == model.card.net
    code, _, err = convivo(*tuned, "--out", tmp_path / "b")
    assert code == 0, err
    assert "not looked at" not in err


def test_the_pages_fine_tune_each_shipped_model_with_its_own_method():
    root = Path(__file__).parents[2]
    methods = {path.stem: read_recipe(path).method for path in (root / "recipes").glob("*.toml")}
    page = (root / "docs" / "train.md").read_text(encoding="utf-8")
    typed = re.findall(r"convivo train (\w+) .*--from ([\w-]+)", page)
    typed += [
        (method, name) for name, method in re.findall(r'from = "([\w-]+)"\n\n +convivo train (\w+)', page)
    ]
    assert len(typed) >= 2
    assert [(method, name) for method, name in typed if methods[name] != method] == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
def test_ctrl_c_inside_a_step_waits_for_its_end_and_then_closes():
    seen = []

    def steps():
        try:
            os.kill(os.getpid(), signal.SIGINT)
            seen.append("step done")
            yield STEP
            seen.append("another step")
        except GeneratorExit:
            seen.append("closed")

    before = signal.getsignal(signal.SIGINT)
    follow(steps())
    assert seen == ["step done", "closed"]
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
@pytest.mark.parametrize(("finished", "error"), [(0, BadInput), (1, KeyboardInterrupt)])
def test_a_second_ctrl_c_interrupts_and_without_a_step_there_is_no_model(finished, error):
    def steps():
        yield from [STEP] * finished
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        yield STEP

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(error) as caught:
        follow(steps())
    assert finished or "before the first step" in caught.value.problem
    assert signal.getsignal(signal.SIGINT) is before


def test_a_training_can_be_followed_in_a_thread():
    seen = []

    def steps():
        yield STEP
        seen.append("done")

    thread = Thread(target=follow, args=(steps(),))
    thread.start()
    thread.join()
    assert seen == ["done"]


def test_what_follows_the_last_step_is_said(monkeypatch):
    said = []
    monkeypatch.setattr(watching, "progress_bar", lambda *_, **__: nullcontext((bar, 0)))
    bar = SimpleNamespace(update=lambda _, rate, **__: said.append(rate))
    follow(iter_of(STEP, replace(STEP, is_last=True)))
    first, last = said
    assert "loss" in first
    assert "altered images" in last
    assert "Ctrl-C" in last


def iter_of(*steps):
    yield from steps
