"""What a training goes on from comes back where it belongs."""

import os

import pytest
import safetensors.torch
import torch
from safetensors import safe_open

from convivo.errors import BadInput
from convivo.model import Model, ModelFolder, Row, State
from convivo.model.store import CURVE, LAST, STATE
from convivo.nets.unet import UNet
from convivo.run.train import TrainConfig, train


@pytest.fixture(scope="module")
def broken_off(data, tmp_path_factory):
    """The folder of a training that was left after a step."""
    folder = ModelFolder(tmp_path_factory.mktemp("store") / "broken")
    model = Model.new("unet", data, name="small", filters=4, depth=1)
    steps = train(model, data, TrainConfig(steps=4, patch=48, batch=1, precision="float32"), store=folder)
    next(steps)
    steps.close()
    return folder


def test_moments_come_back_on_the_device_of_their_weights_and_steps_on_the_cpu(broken_off):
    size = broken_off.unfinished().card.net
    optimiser = torch.optim.Adam(UNet(size).to("meta").parameters())
    broken_off.restore(UNet(size), optimiser)
    assert optimiser.state
    for remembered in optimiser.state.values():
        devices = {name: value.device.type for name, value in remembered.items()}
        assert devices == {"step": "cpu", "exp_avg": "meta", "exp_avg_sq": "meta"}


def test_a_training_that_an_older_convivo_left_has_its_finest_skip_cut(broken_off, tmp_path):
    with safe_open(broken_off.path / STATE, "pt") as file:
        saved, tensors = file.metadata()["saved"], {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    old = saved.replace('"cut":[]', '"finest_skip":false')
    assert old != saved
    safetensors.torch.save_file(tensors, tmp_path / STATE, {"saved": old})
    assert ModelFolder(tmp_path).unfinished().card.net.cut == (0,)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX'")
def test_a_curve_without_losses_of_validation_is_read(tmp_path):
    """As it was written before they were measured."""
    (tmp_path / "train.csv").write_text("step,loss,rate,validation\n50,0.5,0.001,\n100,0.4,0.001,0.7\n")
    assert ModelFolder(tmp_path).curve() == (Row(50, 0.5, 0.001), Row(100, 0.4, 0.001, 0.7))
    ModelFolder(tmp_path).write_curve(State(curve=[Row(100, 0.4, 0.001, 0.7, 0.25), Row(150, 0.3, 0.001)]))
    assert ModelFolder(tmp_path).curve() == (Row(100, 0.4, 0.001, 0.7, 0.25), Row(150, 0.3, 0.001))


def test_who_may_read_the_curve_may_read_the_state(broken_off, data, tmp_path):
    folder = ModelFolder(tmp_path)
    model = broken_off.unfinished_model()
    optimiser = torch.optim.Adam(model.net.parameters())
    broken_off.restore(model.net, optimiser)
    before = os.umask(0o022)
    try:
        folder.write_state(broken_off.unfinished(), model.net, optimiser)
        folder.write_last(model)
    finally:
        os.umask(before)
    modes = {name: (tmp_path / name).stat().st_mode & 0o777 for name in (STATE, LAST, CURVE)}
    assert modes == {STATE: 0o644, LAST: 0o644, CURVE: 0o644}


def test_other_groups_than_in_the_sitting_before_are_refused(broken_off, data):
    saved = broken_off.unfinished()
    other = next(name for name in saved.images if name not in saved.selection)
    with pytest.raises(BadInput, match=f"the images that choose were .*, and are {other} now") as caught:
        list(
            train(
                broken_off.unfinished_model(),
                data,
                store=broken_off,
                parts={other: "validation"},
                resume=True,
            )
        )
    assert "groups.csv" in caught.value.fix


def test_neither_a_model_nor_an_unfinished_training_is_written_over(broken_off, tmp_path):
    with pytest.raises(BadInput, match="already holds a model whose training was interrupted") as caught:
        broken_off.refuse_existing()
    assert "--resume" in caught.value.fix
    folder = ModelFolder(tmp_path)
    folder.refuse_existing()
    (tmp_path / STATE).touch()  # where no image chooses, there is a state before there is a model
    with pytest.raises(BadInput, match="interrupted"):
        folder.refuse_existing()
    assert not folder.holds_finished_model
    (tmp_path / STATE).unlink()
    folder.write_model(broken_off.unfinished_model())
    assert folder.holds_finished_model
    with pytest.raises(BadInput, match="already holds a model") as caught:
        folder.refuse_existing(fix="go elsewhere")
    assert (caught.value.problem, caught.value.fix) == (f"{tmp_path} already holds a model", "go elsewhere")


def test_looking_into_a_folder_does_not_make_it(tmp_path):
    folder = ModelFolder(tmp_path / "mistyped")
    with pytest.raises(BadInput, match="no unfinished training"):
        folder.unfinished_model()
    assert not folder.path.exists()
