"""What every method must keep, whoever adds one to the list: it is tested by being there."""

import numpy as np
import pytest
import torch

from convivo.errors import BadInput
from convivo.methods import METHODS, Segmentation, method_named
from convivo.ops.simulate import Microscope, Scene, simulate
from convivo.ops.tiling import tiles

SHAPES = [(48, 48), (8, 32, 32)]
FLAT_ONLY = {"stardist"}  # its stars are polygons
NOTHING = {"unet": [10, -10, -10], "stardist": [-10] * 33}  # what a net says where it is sure of no object

FINDERS = {name: method for name, method in METHODS.items() if isinstance(method, Segmentation)}

every_method = pytest.mark.parametrize("method", METHODS.values(), ids=METHODS.keys())
every_finder = pytest.mark.parametrize("method", FINDERS.values(), ids=FINDERS.keys())


def _and_shape(methods):
    return pytest.mark.parametrize(
        ("method", "shape"),
        [
            pytest.param(method, shape, id=f"{len(shape)}-D-{name}")
            for name, method in methods.items()
            for shape in SHAPES
            if len(shape) == 2 or name not in FLAT_ONLY
        ],
    )


every_method_and_shape, every_finder_and_shape = _and_shape(METHODS), _and_shape(FINDERS)


def _picture(shape):
    return simulate(Scene(shape=shape, nuclei=3, diameter=10), Microscope(), seed=0)


def _asked(method, shape):
    """What a net would be shown of one picture and should say, as a batch of one."""
    picture = _picture(shape)
    pixels = picture.image[None].astype(np.float32)
    if method.name not in FINDERS:
        return method.example(pixels, picture.clean[None], method.settings, np.random.default_rng(0))
    wanted = method.targets(picture.labels)
    return method.example(pixels, wanted, method.size(dimensions=len(shape)), np.random.default_rng(0))


def _answer(method, shape):
    """Shape of what the method's smallest net puts out for an image of that shape."""
    size = method.size(dimensions=len(shape), filters=1)
    with torch.inference_mode():
        return tuple(method.net(size)(torch.zeros(1, 1, *shape)).shape)


@every_method
def test_a_method_is_found_by_its_name_and_says_what_it_is_for(method):
    assert method_named(method.name) is METHODS[method.name] is method
    assert method.title
    method.rule(method.settings)


@every_finder
def test_classes_have_names_of_their_own(method):
    assert len(set(method.classes)) == len(method.classes) > 1


@every_finder_and_shape
def test_targets_are_float_maps_of_the_image_whose_first_counts_the_classes(method, shape):
    wanted = method.targets(_picture(shape).labels)
    assert wanted.dtype == np.float32
    assert wanted.shape[1:] == shape
    known = wanted[0][np.isfinite(wanted[0])]
    assert set(np.unique(known)) <= set(range(len(method.classes)))


@every_finder_and_shape
def test_targets_of_an_image_with_nothing_known_can_be_made(method, shape):
    wanted = method.targets(np.full(shape, -1))
    assert np.isnan(wanted[0]).all()


@every_method_and_shape
def test_an_example_has_the_shapes_of_image_and_answer_and_is_the_same_for_the_same_generator(method, shape):
    first, again = _asked(method, shape), _asked(method, shape)
    for one, other, wanted in zip(first, again, [shape, _answer(method, shape)[2:]], strict=True):
        assert one.shape[1:] == wanted
        np.testing.assert_array_equal(one, other)


@every_method_and_shape
@pytest.mark.parametrize("unknown", [0.0, 0.5, 1.0])
def test_the_loss_is_a_number_whose_gradient_is_finite_whatever_is_unknown(method, shape, unknown):
    _, wanted = _asked(method, shape)
    wanted = torch.tensor(wanted)[None]
    wanted[:, 0][torch.rand(wanted[:, 0].shape, generator=torch.manual_seed(0)) < unknown] = torch.nan
    output = torch.randn(_answer(method, shape), generator=torch.manual_seed(1)).requires_grad_()
    loss = method.loss(output, wanted)
    loss.backward()
    assert loss.shape == ()
    assert torch.isfinite(loss)
    assert torch.isfinite(output.grad).all()
    assert bool(output.grad.any()) == (unknown < 1)


@every_method_and_shape
def test_learning_lowers_the_loss(method, shape):
    _, wanted = _asked(method, shape)
    wanted = torch.tensor(wanted)[None]
    output = torch.zeros(_answer(method, shape), requires_grad=True)
    before = method.loss(output, wanted)
    (slope,) = torch.autograd.grad(before, output)
    assert method.loss(output - slope / slope.abs().max(), wanted) < before


@every_finder_and_shape
def test_an_answer_of_zeros_is_decoded_and_an_empty_field_holds_no_object(method, shape):
    size = method.size(dimensions=len(shape))
    zeros = np.zeros(_answer(method, shape)[1:], np.float32)
    tile = next(tiles(shape, max(shape)))
    method.decode([(tile, zeros)], shape, method.settings, size)
    nothing = zeros + np.array(NOTHING[method.name], np.float32).reshape(-1, *[1] * len(shape))
    decoded = method.decode([(tile, nothing)], shape, method.settings, size)
    assert decoded.labels.shape == decoded.probability.shape == shape
    assert decoded.labels.dtype.kind in "iu"
    assert not decoded.labels.any()
    assert decoded.probability.max() < 0.01


@every_finder
def test_what_is_searched_is_a_setting_of_the_same_kind(method):
    assert method.search.keys() <= method.settings.keys()
    for name, values in method.search.items():
        assert len(set(values)) == len(values) > 1
        assert isinstance(method.settings[name], (int, float))
        assert min(values) <= method.settings[name] <= max(values)


def test_a_method_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(BadInput, match=f"'magic'.*\n.*{next(iter(METHODS))}"):
        method_named("magic")
