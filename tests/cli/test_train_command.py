"""`convivo train`: what cannot be meant is refused, and Ctrl-C leaves no step half done."""

import os
import signal
import sys
from threading import Thread

import msgspec
import pytest

from convivo.cli.train import follow
from convivo.errors import BadInput
from convivo.methods import METHODS
from convivo.model import Model, ModelFolder
from convivo.run.train import Step, TrainConfig, train

STEP = Step(1, 0.5, 0.001, 0.5, 1.0)


@pytest.mark.parametrize(("option", "words"), [("--rate", "rate 0.0 is not above 0"), ("--seed", "seed -1")])
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
    from convivo.io.pairs import open_pairs

    data = open_pairs(folder).data
    model = Model.new("unet", data, name="m", filters=4, depth=1)
    steps = train(model, data, TrainConfig(steps=2, patch=48, batch=1), store=ModelFolder(tmp_path / "m"))
    next(steps)
    steps.close()
    code, _, err = convivo("train", "unet", folder, "--out", tmp_path / "m", "--resume", "--steps", 9)
    assert code == 0, err
    assert "does not look at --steps\n" in err
    assert Model.load(tmp_path / "m").card.training.steps == 2


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
