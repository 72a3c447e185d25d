"""What a config.json says tells whose it is; what it must say and does not is named."""

import pytest

from convivo.errors import BadModel
from convivo.io.keras_config import (
    CareConfig,
    N2VConfig,
    StarDistConfig,
    find_config,
    read_config,
    read_thresholds,
)

STARDIST = '{"n_rays": 32, "grid": [2, 2], "axes": "YXC", "unknown": {"field": [1]}}'
CARE = '{"axes": "YXC", "unet_residual": true, "train_reduce_lr": {"factor": 0.5}}'
N2V = '{"axes": "YXC", "unet_residual": false, "means": ["243.7"], "stds": [154.7], "n2v_perc_pix": 1.5}'

SCALED = '{"axes": "YXC", "unet_residual": false, "means": ["243.7"], "stds": ["154.7"]}'


@pytest.mark.parametrize(
    ("text", "kind"),
    [(STARDIST, StarDistConfig), (CARE, CareConfig), (N2V, N2VConfig), (SCALED, N2VConfig)],
    ids=str,
)
def test_the_fields_tell_whose_config_it_is(text, kind, tmp_path):
    (tmp_path / "config.json").write_text(text)
    assert type(read_config(tmp_path)) is kind


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"n_dim": 2, "axes": "YXC", "unet_kern_size": 5}', "what CARE writes: .*unet_residual"),
        ('{"n_rays": 32, "axes": "YXC"}', "what StarDist writes: .*grid"),
        ('{"n2v_perc_pix": 1.5, "axes": "YXC", "unet_residual": false}', "what Noise2Void writes: .*means"),
        ("[]", "what any of the originals writes"),
        ("{", "what any of the originals writes"),
        ('{"axes": ' + "[" * 100_000, "what any of the originals writes"),
    ],
    ids=lambda text: text[:30],
)
def test_a_config_is_refused_by_the_field_it_lacks(text, problem, tmp_path):
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(BadModel, match=f"config.json is not {problem}"):
        read_config(tmp_path)


@pytest.mark.parametrize("text", ["{}", '{"porb": 0.7, "nms": 0.3}'])
def test_thresholds_that_are_not_there_are_not_made_up(text, tmp_path):
    (tmp_path / "thresholds.json").write_text(text)
    with pytest.raises(BadModel, match="missing required field `prob`"):
        read_thresholds(tmp_path)


def test_thresholds_are_read_or_are_those_of_the_original(tmp_path):
    assert (read_thresholds(tmp_path).prob, read_thresholds(tmp_path).nms) == (0.5, 0.4)
    (tmp_path / "thresholds.json").write_text('{"prob": 0.479071463157368, "nms": 0.3}')
    assert (read_thresholds(tmp_path).prob, read_thresholds(tmp_path).nms) == (0.479071463157368, 0.3)


@pytest.mark.parametrize("text", ['{"prob": 1.5}', '{"prob": NaN}', '{"nms": "0.3"}', "", "\udcff"])
def test_thresholds_that_are_no_shares_are_refused(text, tmp_path):
    (tmp_path / "thresholds.json").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(BadModel, match="thresholds.json is not what StarDist writes"):
        read_thresholds(tmp_path)


def test_a_folder_without_a_config_is_told_what_belongs_there(tmp_path):
    with pytest.raises(BadModel, match="has no config.json") as caught:
        read_config(tmp_path)
    assert "weights_best.h5" in caught.value.fix
    with pytest.raises(BadModel, match=r"model.zip is no folder") as caught:
        read_config(tmp_path / "model.zip")
    assert "unpack" in caught.value.fix


def test_a_folder_may_have_no_config_but_must_be_one(tmp_path):
    assert find_config(tmp_path) is None
    with pytest.raises(BadModel, match=r"model.zip is no folder"):
        find_config(tmp_path / "model.zip")
