"""Which images the demo learns from and is scored on, and what it leaves of an earlier one."""

from dataclasses import replace

import numpy as np
import tifffile

from convivo.api import read_findings
from convivo.cli.demo import Examples, described, emptied, examined, examples, shipped
from convivo.doubt import Finding, Level, examine, findings_from_json
from convivo.doubt.advice import quoted
from convivo.run.predict import Predictor
from simulated import nuclei


def put(folder, count, table="", *, binary=False):
    for part in ("images", "masks"):
        (folder / part).mkdir(parents=True)
    for each in nuclei(count):
        labels = (each.labels > 0) * 255 if binary else each.labels
        tifffile.imwrite(folder / "images" / f"{each.name}.tif", each.image.array[0])
        tifffile.imwrite(folder / "masks" / f"{each.name}.tif", labels.astype("uint16"))
    if table:
        (folder / "groups.csv").write_text("image,group,part\n" + table)
    return folder


def test_notes_and_parts_of_the_folder_train_are_used(tmp_path, capsys):
    put(tmp_path / "train", 3, "field1.tif,b,validation\n", binary=True)
    put(tmp_path / "test", 2)
    chosen = examples(tmp_path, None, None, 0)
    assert (len(chosen.learn), len(chosen.unseen)) == (3, 2)
    assert chosen.parts == {"field1": "validation"}
    assert capsys.readouterr().err.count("connected parts") == 3
    assert "folder test" in chosen.story


def test_one_group_is_not_said_to_be_one_image(tmp_path):
    rows = "".join(f"field{number}.tif,a,\n" for number in range(3))
    assert "one group" in examples(put(tmp_path / "many", 3, rows), None, None, 0).story
    assert "only one" in examples(put(tmp_path / "one", 1), None, None, 0).story


def test_results_of_an_earlier_demo_are_removed_and_nothing_else(tmp_path):
    for name in ("old_labels.tif", "old_rois.zip", "mine.txt", "cell.tif"):
        (tmp_path / name).write_text("")
    assert {path.name for path in emptied(tmp_path).iterdir()} == {"mine.txt", "cell.tif"}


def test_what_speaks_against_the_results_stands_beside_them(tmp_path, trained):
    put(tmp_path / "data" / "train", 2)
    put(tmp_path / "data" / "test", 2)
    chosen = examples(tmp_path / "data", None, None, 0)
    model = trained.with_card(fingerprint=None)
    found = examined("mine", Predictor(model), chosen, tmp_path / "out", "demo/my model")
    told = findings_from_json((tmp_path / "out" / "findings.json").read_bytes())
    assert {each.image for each in told} == {"field0", "field1"}
    assert all(quoted("demo/my model") in each.advice for each in told)
    assert read_findings(tmp_path / "out" / "field0_labels.tif")
    assert dict(described(found, None, "others").facts)["doubt, mine"].startswith("not asked")
    assert chosen.files == {
        name: tmp_path / "data" / "test" / "images" / f"{name}.tif" for name in ("field0", "field1")
    }


def test_the_report_says_how_many_images_are_doubtful(tmp_path, trained, monkeypatch):
    def asked(model, image, **_):
        level = Level.warn if image.name == "field1" else Level.fine
        return [Finding(image=image.name, id="scale", level=level, measured=1.0, evidence="so")]

    put(tmp_path / "train", 2)
    put(tmp_path / "test", 2)
    chosen = examples(tmp_path, None, None, 0)
    for expected in ("1 doubtful", "none"):
        monkeypatch.setattr(examine, "examine", asked)
        found = examined("mine", Predictor(trained), chosen, tmp_path / "out", "mine")
        assert dict(described(found, None, "others").facts)["doubt, mine"] == expected
        chosen = replace(chosen, unseen=chosen.unseen[:1])


def test_the_shipped_model_is_not_asked_about_images_that_it_cannot_see(capsys):
    grey, stack = nuclei(1)[0], nuclei(1, shape=(8, 24, 24), objects=2)[0]
    colour = replace(grey, image=replace(grey.image, array=np.repeat(grey.image.array, 3, axis=0)))
    assert shipped(Examples([grey], [grey], "")) is not None
    assert capsys.readouterr().err == ""
    for other in (colour, stack):
        assert shipped(Examples([other], [other], "")) is None
        assert "sees one channel in 2-D" in capsys.readouterr().err
