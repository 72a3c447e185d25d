"""`convivo doubt`, what `predict` doubts by itself, and that findings travel with the results."""

import json
import re
import shutil

import numpy as np
import pytest
import tifffile

import convivo as package
from convivo.cli import fingerprint
from convivo.doubt import Check, Finding, Level, checks, examine
from convivo.errors import BadInput
from convivo.io.places import models_folder
from convivo.model import Model
from convivo.types import Annotated, Image
from restorers import noisy, restorer

LEVELS = {"good": Level.fine, "noted": Level.note, "odd": Level.warn, "bad": Level.stop}


def planted(case):
    """Finds of an image what its name says."""
    level = LEVELS[case.name.split("_")[-1]]
    advice = "convivo predict ... --scale 2" if level.rank > 1 else ""
    evidence = f"it is {level}"
    yield Finding(image=case.name, id="planted", level=level, measured=1, evidence=evidence, advice=advice)


@pytest.fixture
def plant(monkeypatch):
    """One check that finds what the names say, of any model."""
    check = Check("planted", "Is it so?", planted, quick=True, of="both")
    monkeypatch.setattr(checks, "OF_IMAGES", (check,))
    monkeypatch.setattr(
        examine.examine, "__kwdefaults__", {**examine.examine.__kwdefaults__, "checks": (check,)}
    )
    monkeypatch.setattr(examine.examination, "__defaults__", ((check,),))


@pytest.fixture
def put(tmp_path, data):
    """Write images under names."""
    (tmp_path / "in").mkdir()

    def write(*names):
        for name in names:
            tifffile.imwrite(tmp_path / "in" / f"{name}.tif", data[0].image.array[0])
        return tmp_path / "in"

    return write


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["good"], 0),
        (["good", "noted"], 0),
        (["good", "odd"], 1),
        (["odd", "bad", "good"], 3),
        (["good", "broken"], 2),
        (["odd", "broken"], 1),
        (["bad", "broken"], 3),
    ],
)
def test_the_exit_code_is_that_of_the_worst(convivo, plant, put, model_folder, names, code):
    folder = put(*[name for name in names if name != "broken"])
    if "broken" in names:
        (folder / "broken.tif").write_bytes(b"no image")
    found, out, err = convivo("doubt", folder, "--model", model_folder, "--quick")
    assert found == code, err
    assert ("broken.tif" in err) == ("broken" in names)
    for name in set(names) & {"noted", "odd", "bad"}:
        assert f"{name}: planted: it is {LEVELS[name]}" in out


def test_what_cannot_be_read_does_not_cost_the_others(convivo, plant, put, model_folder, tmp_path):
    folder = put("good", "odd")
    (folder / "broken.tif").write_bytes(b"no image")
    code, _, err = convivo("doubt", folder, "--model", model_folder, "--out", tmp_path / "o", "--quick")
    assert code == 1, err
    assert "1 of 2 images raise no doubt" in err
    assert "1 of 3 images could not be done" in err
    found = json.loads((tmp_path / "o" / "findings.json").read_text())
    assert [each["image"] for each in found] == ["good", "odd", "broken"]
    assert (found[-1]["id"], found[-1]["level"]) == ("input", "stop")
    assert found[-1]["evidence"] in err
    assert found[-1]["advice"] in err
    page = (tmp_path / "o" / "report.html").read_text()
    assert "broken.tif" in page
    assert "1 doubtful, 1 fine" in page
    assert f"convivo predict {folder / 'odd.tif'} --model {model_folder} --out OUT --scale 2" in re.sub(
        "<[^>]*>", "", page
    )


@pytest.fixture
def overfitted(model_folder, tmp_path):
    """The trained model in a folder whose curve fell, with the weights from after the fall."""
    folder = shutil.copytree(model_folder, tmp_path / "overfitted")
    best = Model.load(folder).card.training.best_step
    scores = 0.8 - 0.001 * (np.arange(20) - 7) ** 2 + 0.005 * np.random.default_rng(0).normal(size=20)
    steps = best + 10 * np.arange(-19, 1)
    lines = [
        f"{step},{1 / (number + 1)},1e-3,{score}"
        for number, (step, score) in enumerate(zip(steps, scores, strict=True))
    ]
    (folder / "train.csv").write_text("\n".join(["step,loss,rate,validation", *lines]))
    return folder


def test_what_speaks_against_the_model_is_said_once(convivo, plant, put, overfitted, tmp_path):
    code, out, err = convivo("doubt", put("good", "noted"), "--model", overfitted, "--out", tmp_path / "o")
    assert code == 1, err
    assert "2 of 2 images raise no doubt; the model itself does" in err
    (line,) = (each for each in out.splitlines() if "overfit:" in each)
    assert line.startswith("warn  overfit: trained: validation fell")
    found = json.loads((tmp_path / "o" / "findings.json").read_text())
    assert [each["image"] for each in found] == ["", "good", "noted"]
    assert "The model itself is doubtful." in (tmp_path / "o" / "report.html").read_text()


def test_quick_asks_nothing_of_the_model(convivo, plant, put, overfitted):
    code, out, _ = convivo("doubt", put("good"), "--model", overfitted, "--quick", "--json")
    assert code == 0
    assert [each["image"] for each in json.loads(out)] == ["good"]


def test_nothing_is_said_of_a_training_that_nobody_knows(convivo, plant, put, model_folder):
    code, out, _ = convivo("doubt", put("good"), "--model", model_folder, "--json")
    assert code == 0
    assert [each["image"] for each in json.loads(out)] == ["good"]


def test_json_alone_is_printed(convivo, plant, put, model_folder):
    code, out, _ = convivo("doubt", put("odd"), "--model", model_folder, "--json", "--quick")
    assert code == 1
    (found,) = json.loads(out)
    assert (found["image"], found["level"], found["id"]) == ("odd", "warn", "planted")


def test_bad_input_is_a_finding(convivo, model_folder, tmp_path):
    rng = np.random.default_rng(0)
    nan = rng.normal(size=(40, 40)).astype(np.float32)
    nan[3, 4] = np.nan
    odd = {
        "constant": np.full((40, 40), 7, np.uint16),
        "nan": nan,
        "pixel": np.array([[7]], np.uint16),
        "labels": np.kron(np.arange(1, 17).reshape(4, 4), np.ones((16, 16), int)).astype(np.uint16),
    }
    for name, array in odd.items():
        tifffile.imwrite(tmp_path / f"{name}.tif", array)
    colours = rng.integers(0, 255, (40, 40, 3)).astype(np.uint8)
    tifffile.imwrite(tmp_path / "colours.tif", colours, photometric="rgb")
    np.save(tmp_path / "empty.npy", np.zeros((0, 0), np.uint16))
    code, out, err = convivo(
        "doubt", tmp_path / "*.*", "--model", model_folder, "--out", tmp_path / "o", "--json"
    )
    assert code == 3, err
    assert {each["image"]: each["level"] for each in json.loads(out)} == dict.fromkeys(
        [*odd, "colours", "empty"], "stop"
    )
    assert "could not be done" not in err


def test_predict_says_in_one_line_what_is_worth_a_look(convivo, plant, put, model_folder, tmp_path):
    out = tmp_path / "o"
    code, _, err = convivo("predict", put(*LEVELS), "--model", model_folder, "--out", out)
    assert code == 0
    lines = [line for line in err.splitlines() if "planted" in line]
    assert lines == ["stop: bad: planted: it is stop", "warn: odd: planted: it is warn"]
    assert "doubt: 2 doubtful, 1 of these not to be used, 1 note:" in err
    found = json.loads((out / "findings.json").read_text())
    assert {each["image"]: each["level"] for each in found} == {name: str(LEVELS[name]) for name in LEVELS}


def test_what_a_model_could_not_be_asked_is_no_news_with_every_prediction(
    convivo, put, model_folder, tmp_path
):
    """It is in the file: the model of these tests was never tried on altered images."""
    code, _, err = convivo("predict", put("plain"), "--model", model_folder, "--out", tmp_path / "o")
    assert code == 0
    assert "doubt:" not in err
    found = json.loads((tmp_path / "o" / "findings.json").read_text())
    assert {each["level"] for each in found} == {"note"}
    assert all("convivo fingerprint" in each["advice"] for each in found)


def test_findings_travel_inside_the_labels(convivo, plant, put, model_folder, tmp_path):
    folder = put("odd", "good")
    convivo("predict", folder, "--model", model_folder, "--out", tmp_path / "o")
    (found,) = package.read_findings(tmp_path / "o" / "odd_labels.tif")
    assert (found.image, found.level, found.evidence) == ("odd", "warn", "it is warn")
    with tifffile.TiffFile(tmp_path / "o" / "odd_labels.tif") as tiff:
        told = json.loads(tiff.imagej_metadata["Info"])
    assert (told["model"], told["findings"][0]["id"]) == ("trained", "planted")
    assert str(tmp_path) not in json.dumps(told)  # images are named, never where they lay
    assert package.read(tmp_path / "o" / "odd_labels.tif").axes == "CYX"
    assert package.read_findings(folder / "odd.tif") == []


def test_findings_travel_inside_restored_images(convivo, plant, tmp_path):
    restorer("n2v").save(tmp_path / "m")
    for name in ("odd", "good"):
        tifffile.imwrite(tmp_path / f"{name}.tif", noisy((1, 40, 44))[0].astype(np.uint16))
    code, _, err = convivo("predict", tmp_path / "*.tif", "--model", tmp_path / "m", "--out", tmp_path / "o")
    assert code == 0, err
    assert "warn: odd: planted" in err
    assert [str(each.level) for each in package.read_findings(tmp_path / "o" / "odd_restored.tif")] == [
        "warn"
    ]
    assert len(json.loads((tmp_path / "o" / "findings.json").read_text())) == 2


def test_a_restoring_model_is_doubted_too(convivo, plant, tmp_path):
    restorer("n2v").save(tmp_path / "m")
    tifffile.imwrite(tmp_path / "odd.tif", noisy((1, 40, 44))[0])
    code, _, err = convivo("doubt", tmp_path / "odd.tif", "--model", tmp_path / "m", "--out", tmp_path / "o")
    assert code == 1, err
    assert "Restored" in (tmp_path / "o" / "report.html").read_text()


def test_images_of_one_name_are_told_apart(convivo, plant, put, model_folder, tmp_path):
    folder = put("odd")
    (folder / "sub").mkdir()
    (folder / "sub" / "odd.tif").write_bytes((folder / "odd.tif").read_bytes())
    arguments = ("--model", model_folder, "--json", "--quick")
    _, out, err = convivo("doubt", folder / "odd.tif", folder / "sub" / "odd.tif", *arguments)
    assert len({each["image"] for each in json.loads(out)}) == 2, err


def test_a_result_is_not_lost_where_it_cannot_be_doubted(convivo, put, model_folder, tmp_path, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(examine, "examine", broken)
    code, _, err = convivo("predict", put("good"), "--model", model_folder, "--out", tmp_path / "o")
    assert code == 0, err
    assert (tmp_path / "o" / "good_labels.tif").is_file()
    (found,) = json.loads((tmp_path / "o" / "findings.json").read_text())
    assert "not asked" in found["evidence"]
    with pytest.raises(ZeroDivisionError):
        convivo("predict", put("good"), "--model", model_folder, "--out", tmp_path / "o", "--debug")


@pytest.mark.parametrize("method", ["unet", "n2v"])
def test_images_that_fail_have_a_finding_and_are_counted_as_failed(
    convivo, plant, put, model_folder, tmp_path, method
):
    folder = put("good")
    (folder / "bad.tif").write_bytes(b"no image")
    if method == "n2v":
        model_folder = tmp_path / "m"
        restorer("n2v").save(model_folder)
    code, _, err = convivo("predict", folder, "--model", model_folder, "--out", tmp_path / "o")
    assert code == 2
    assert "doubt:" not in err
    found = json.loads((tmp_path / "o" / "findings.json").read_text())
    assert [(each["image"], each["id"], each["level"]) for each in found] == [
        ("good", "planted", "fine"),
        ("bad", "input", "stop"),
    ]
    assert found[-1]["evidence"] in err


def test_what_cannot_be_read_is_printed_with_the_others(convivo, plant, put, model_folder):
    folder = put("good")
    (folder / "bad.tif").write_bytes(b"no image")
    code, out, _ = convivo("doubt", folder, "--model", model_folder, "--quick", "--json")
    assert code == 2
    assert [each["image"] for each in json.loads(out)] == ["good", "bad"]


def test_a_model_of_stacks_is_told_that_only_planes_can_be_altered(tmp_path):
    stack = Image(np.zeros((1, 8, 32, 32), np.uint8), "CZYX")
    labels = np.zeros((8, 32, 32), np.int32)
    model = Model.new("unet", [Annotated(stack, labels, "a")], name="deep", filters=2, depth=1)
    model.save(models_folder() / "deep")
    for name in ("deep", str(models_folder() / "deep")):  # as advice names it
        with pytest.raises(BadInput, match="2-D"):
            fingerprint.command(name, tmp_path)


def test_too_few_images_to_know_what_is_usual_are_refused(folder, model_folder):
    with pytest.raises(BadInput, match="4 images, too few") as caught:
        fingerprint.command(str(model_folder), folder)
    assert "at least 5" in caught.value.fix
