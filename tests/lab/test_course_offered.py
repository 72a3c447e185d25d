"""Which folder an exercise is given that asks for images with masks."""

from convivo.lab.course.offered import offered


def paired(folder):
    for part in ("images", "masks"):
        (folder / part).mkdir(parents=True)
    return folder


def test_the_training_part_of_a_fetched_data_set_is_found_however_the_lab_was_started(tmp_path):
    train = paired(tmp_path / "bbbc039" / "train")
    for chosen in (tmp_path, tmp_path / "bbbc039", train):
        assert offered("nuclei", [chosen]) == train


def test_nothing_is_offered_without_masks_or_to_whom_asks_for_none(tmp_path):
    (tmp_path / "images").mkdir()
    assert offered("nuclei", [tmp_path]) is None
    paired(tmp_path / "train")
    assert offered("", [tmp_path]) is None
    assert offered("nuclei", []) is None
