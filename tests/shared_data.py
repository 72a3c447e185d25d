"""Where the project's common data lies on machines that have it; tests that need it skip elsewhere."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
needs_shared = pytest.mark.skipif(  # a folder of that name alone may be anybody's
    not (SHARED / "golden" / "sd2d_g11" / "config.json").is_file(), reason="needs the folder `shared` beside the repository, which is not here"
)
