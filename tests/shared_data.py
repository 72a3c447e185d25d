"""Where the project's common data lies on machines that have it; tests that need it skip elsewhere."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="needs the folder `shared` beside the repository, which is not here"
)
