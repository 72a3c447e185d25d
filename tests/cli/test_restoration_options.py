"""Options of `convivo train` for CARE and Noise2Void: what they set, and who does not have them."""

import pytest
import tifffile

from convivo.methods.n2v import METHOD
from convivo.model import Model
from restorers import exposures

pytestmark = pytest.mark.usefixtures("few_hidden_pixels")

DEFAULTS = dict(METHOD.settings)
QUICK = ("--steps", 1, "--patch", 16, "--batch", 1, "--filters", 4, "--depth", 1)


@pytest.fixture
def stacks(tmp_path):
    """Two noisy stacks."""
    (tmp_path / "stacks").mkdir()
    for each in exposures(2, shape=(4, 32, 32)):
        path = tmp_path / "stacks" / f"{each.name}.tif"
        tifffile.imwrite(path, each.image.array[0], imagej=True, metadata={"axes": "ZYX"})
    return tmp_path / "stacks"


@pytest.mark.parametrize(
    ("method", "option", "words"),
    [
        ("unet", ("--members", 3), "unet has no --members"),
        ("unet", ("--dimensions", 2), "unet has no --dimensions"),
        ("stardist", ("--n2v2",), "stardist has no --n2v2"),
        ("care", ("--hidden", 5, "--radius", 3), "care has no --hidden and no --radius"),
        ("n2v", ("--members", 3), "n2v has no --members"),
        ("n2v", ("--probabilistic",), "n2v has no --probabilistic"),
        ("care", ("--rays", 32), "the net of care has no rays"),
        ("n2v", ("--grid", 2), "the net of n2v has no grid"),
        ("care", ("--members", 0), "size below one"),
        ("n2v", ("--hidden", 60), "60 % of the pixels cannot be hidden"),
        ("n2v", ("--along", "Q"), "axes 'Q'"),
        ("n2v", ("--reach", 3), "reach 3 without axes"),
        ("n2v", ("--radius", 0), "radius of Noise2Void is 0"),
        ("n2v", ("--dimensions", 4), "4 dimensions"),
    ],
)
def test_an_option_that_means_nothing_is_refused_before_anything_is_written(
    convivo, folder, tmp_path, method, option, words
):
    data = folder / "images" if method == "n2v" else folder
    if method == "care":
        (folder / "masks").rename(folder / "high")
        (folder / "images").rename(folder / "low")
    code, _, err = convivo("train", method, data, "--out", tmp_path / "m", *QUICK, *option)
    assert code == 2
    assert words in err
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize(
    ("options", "settings", "size"),
    [
        ((), DEFAULTS, {"residual": True}),
        (
            ("--hidden", 2, "--manipulator", "mean", "--radius", 3),
            {"share": 0.02, "manipulator": "mean", "radius": 3},
            {},
        ),
        (
            ("--along", "x"),
            {**DEFAULTS, "manipulator": "uniform", "radius": 2, "axes": "X", "reach": 4},
            {},
        ),
        (
            ("--n2v2",),
            {**DEFAULTS, "manipulator": "median", "radius": 2},
            {"pooling": "blur", "cut": (0,), "residual": False},
        ),
        (
            ("--n2v2", "--manipulator", "uniform"),
            DEFAULTS,
            {"pooling": "blur"},
        ),
        ((), {}, {"dimensions": 3}),
        (("--dimensions", 2), {}, {"dimensions": 2}),
    ],
)
def test_options_reach_the_card(convivo, stacks, tmp_path, options, settings, size):
    code, _, err = convivo("train", "n2v", stacks, "--out", tmp_path / "m", *QUICK, *options)
    assert code == 0, err
    card = Model.load(tmp_path / "m").card
    assert {name: getattr(card.net, name) for name in size} == size
    assert card.settings == (settings or card.settings)


def test_care_takes_one_folder_and_says_so(convivo, tmp_path):
    code, _, err = convivo("train", "care", tmp_path, tmp_path, "--out", tmp_path / "m", *QUICK)
    assert code == 2
    assert "care learns from one folder, not from 2 paths" in err
    assert "low/ and high/" in err


def test_fine_tuning_and_resuming_say_which_options_they_do_not_look_at(convivo, stacks, tmp_path):
    first = ("train", "n2v", stacks, "--out", tmp_path / "m", *QUICK)
    assert convivo(*first)[0] == 0
    finer = ("train", "n2v", stacks, "--from", tmp_path / "m", "--steps", 1, "--patch", 16, "--batch", 1)
    code, _, err = convivo(*finer, "--out", tmp_path / "finer", "--n2v2", "--hidden", 9)
    assert code == 0, err
    assert f"the net is that of {tmp_path / 'm'}; not looked at: --n2v2" in err
    card = Model.load(tmp_path / "finer").card
    assert card.settings["share"] == pytest.approx(0.09)  # how pixels are hidden may change
    assert (
        card.settings["manipulator"] == DEFAULTS["manipulator"]
    )  # the median of --n2v2 comes with its net alone
    assert card.started_from == "m"
    code, _, err = convivo("train", "care", stacks, "--from", tmp_path / "m", "--out", tmp_path / "x")
    assert code == 2
