"""Pages on paper: printed by the Chromium that is there, or refused in words."""

import re
import shutil

import pytest

from convivo.cli import paper


def test_a_page_is_printed_as_wide_as_a_slide(tmp_path):
    if shutil.which("chromium") is None:
        pytest.skip("no Chromium here: apt install chromium")
    paper.print_page("slides?view=paper&slide=1", tmp_path / "talk.pdf")
    text = (tmp_path / "talk.pdf").read_bytes()
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", text)
    assert len(boxes) == 1
    assert [float(side) for side in boxes[0]] == [960, 540]  # points, 16 to 9


def test_without_a_browser_the_fix_is_said_and_no_file_is_there(convivo, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    code, _, said = convivo("slides", "--pdf", tmp_path / "talk.pdf")
    assert code == 2
    assert "apt install chromium" in said
    assert list(tmp_path.iterdir()) == []
