"""Every test runs torch on one thread: two threads under load are several times slower."""

import sys
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).parent))
torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the person's own cache of verdicts and models."""
    monkeypatch.setenv("CONVIVO_HOME", str(tmp_path_factory.getbasetemp() / "convivo-home"))
