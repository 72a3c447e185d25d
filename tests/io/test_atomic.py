"""A file is written whole or not at all, and a disk that refuses is told with its reason and the fix."""

import errno
import os
import stat
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from convivo.errors import BadInput, CannotWrite
from convivo.io.atomic import output_folder, writing

needs_dev_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
needs_posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions")


@contextmanager
def nobody():
    """Root may write everywhere: be nobody for a while."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_what_is_written_arrives_under_its_name_alone(tmp_path):
    with writing(tmp_path / "a.txt") as part:
        part.write_text("new")
        assert part.parent == tmp_path
        assert part.suffix == ".txt"
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.txt": "new"}


@pytest.mark.parametrize("reason", [ValueError("mine"), KeyboardInterrupt(), BadInput("mine", fix="mine")])
def test_an_error_half_way_passes_on_and_leaves_the_old_file_and_nothing_else(tmp_path, reason):
    (tmp_path / "a.txt").write_text("old")

    def half():
        with writing(tmp_path / "a.txt") as part:
            part.write_text("ne")
            raise reason

    with pytest.raises(type(reason)) as caught:
        half()
    assert caught.value is reason
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.txt": "old"}


def test_until_the_end_a_reader_sees_the_old_file(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    with writing(tmp_path / "a.txt") as part:
        part.write_text("new")
        assert (tmp_path / "a.txt").read_text() == "old"
    assert (tmp_path / "a.txt").read_text() == "new"


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "quota"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "permission denied"),
        (errno.EPERM, "not permitted"),
        (errno.ENOTDIR, "a file, not a folder"),
    ],
)
def test_each_refusal_of_the_disk_is_told_in_words_with_the_path_and_the_fix(tmp_path, number, reason):
    target = tmp_path / "a.txt"
    with pytest.raises(CannotWrite) as caught, writing(target):
        raise OSError(number, os.strerror(number))
    assert str(target) in caught.value.problem
    assert reason in caught.value.problem
    assert "--out" in caught.value.fix
    assert list(tmp_path.iterdir()) == []


@needs_dev_full
def test_a_full_disk_inside_the_block_is_cannot_write(tmp_path):
    with pytest.raises(CannotWrite, match="disk is full"), writing(tmp_path / "a.txt"):
        Path("/dev/full").write_text("x")
    assert list(tmp_path.iterdir()) == []


@needs_posix
def test_a_file_that_outgrows_what_is_allowed_is_cannot_write_and_leaves_nothing(tmp_path):
    program = """
import resource, sys
import numpy as np
from convivo.errors import CannotWrite
from convivo.io.images import write_labels
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
noise = np.random.default_rng(0).integers(0, 60_000, (300, 300))
try:
    write_labels(sys.argv[1], noise)
except CannotWrite as error:
    print(error.problem)
"""
    target = tmp_path / "a_labels.tif"
    command = [sys.executable, "-c", program, str(target)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    assert str(target) in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_numpy_on_a_full_disk_gives_no_number_and_is_understood_all_the_same(tmp_path):
    with pytest.raises(CannotWrite, match="8 requested"), writing(tmp_path / "a.npy"):
        raise OSError("8 requested and 0 written")


def test_errors_that_are_not_the_disk_s_refusal_pass_unchanged(tmp_path):
    with pytest.raises(FileNotFoundError), writing(tmp_path / "a.txt"):
        (tmp_path / "an input that is missing").read_text()
    with pytest.raises(ConnectionResetError), writing(tmp_path / "a.txt"):
        raise ConnectionResetError(errno.ECONNRESET, "gone")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_a_file_as_folder_and_a_folder_as_file_fail_before_the_work(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    for target, reason in [
        ("no/a.txt", "does not exist"),
        ("file/a.txt", "not a folder"),
        ("folder", "a folder"),
    ]:
        with pytest.raises(CannotWrite, match=reason), writing(tmp_path / target):
            pytest.fail("the block was entered")


@needs_posix
def test_a_folder_without_the_right_to_write_is_cannot_write(tmp_path):
    tmp_path.chmod(0o555)
    with nobody():
        with pytest.raises(CannotWrite, match="permission denied"), writing(tmp_path / "a.txt"):
            pytest.fail("the block was entered")
        with pytest.raises(CannotWrite, match="permission denied"):
            output_folder(tmp_path)
        with pytest.raises(CannotWrite, match="permission denied"):
            output_folder(tmp_path / "new")


@needs_posix
def test_the_file_gets_the_rights_that_a_plain_open_would_give(tmp_path):
    (tmp_path / "plain").write_text("")
    with writing(tmp_path / "a.txt") as part:
        part.write_text("")
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == stat.S_IMODE(
        (tmp_path / "plain").stat().st_mode
    )


@needs_posix
def test_a_link_stays_a_link_and_what_it_points_to_is_replaced(tmp_path):
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to("real.txt")
    with writing(tmp_path / "link.txt") as part:
        part.write_text("new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


def test_an_output_folder_is_created_with_its_parents_and_left_empty(tmp_path):
    assert output_folder(str(tmp_path / "a" / "b")) == tmp_path / "a" / "b"
    assert list((tmp_path / "a" / "b").iterdir()) == []
    output_folder(tmp_path / "a" / "b")  # and may be there already


def test_an_output_folder_that_is_a_file_or_lies_below_one_is_cannot_write(tmp_path):
    (tmp_path / "file").write_text("")
    for folder in ("file", "file/below"):
        with pytest.raises(CannotWrite, match="file"):
            output_folder(tmp_path / folder)
