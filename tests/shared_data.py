"""Where the project's common data lies on machines that have it; tests that need it skip elsewhere."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
IS_HERE = (SHARED / "golden" / "sd2d_g11" / "config.json").is_file()  # a folder of that name may be anybody's
needs_shared = pytest.mark.skipif(
    not IS_HERE, reason="needs the folder `shared` beside the repository, which is not here"
)
