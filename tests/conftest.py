"""Every test runs torch on one thread: two threads under load are several times slower."""

import sys

import pytest
import torch

from convivo.cli import main
from convivo.model import Model
from convivo.run import restoration_validation
from convivo.run.train import TrainConfig, train
from simulated import nuclei

torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the person's own cache of verdicts and models."""
    monkeypatch.setenv("CONVIVO_HOME", str(tmp_path_factory.getbasetemp() / "convivo-home"))


@pytest.fixture(scope="session")
def data():
    """Ten simulated fields."""
    return nuclei(10)


@pytest.fixture(scope="session")
def trained(data):
    """A small U-Net that has learned to find the simulated nuclei; tests must not change it."""
    model = Model.new("unet", data, name="trained", filters=8, depth=2)
    config = TrainConfig(steps=240, patch=96, batch=4, rate=6e-3, precision="float32")
    for _ in train(model, data, config):
        pass
    return model


@pytest.fixture(scope="session")
def star_trained(data):
    """A small StarDist that has learned to find them; tests must not change it."""
    model = Model.new("stardist", data, name="stars", filters=8, depth=2, features=16, rays=16)
    config = TrainConfig(steps=240, patch=96, batch=4, rate=6e-3, precision="float32")
    for _ in train(model, data, config):
        pass
    return model


@pytest.fixture(scope="session")
def model_folder(trained, tmp_path_factory):
    """The trained model on disk."""
    folder = tmp_path_factory.mktemp("models") / "trained"
    trained.save(folder)
    return folder


@pytest.fixture
def few_hidden_pixels(monkeypatch):
    """Noise2Void chooses by few hidden pixels, so that small trainings take no longer than they need."""
    monkeypatch.setattr(restoration_validation, "HIDDEN", 500)


@pytest.fixture
def convivo(monkeypatch, capsys):
    """Run a command as a person does; returns exit code, output and error output."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["convivo", *map(str, arguments)])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run
