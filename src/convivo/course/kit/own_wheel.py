"""convivo's own wheel: built from the clone that runs, or put together again from what pip installed."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import subprocess
import sys
from importlib.metadata import Distribution, distribution
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname
from zipfile import ZIP_DEFLATED, ZipFile

from convivo.errors import NotAvailable
from convivo.io.atomic import writing

# what pip wrote about this installation, and no part of the package
ABOUT_HERE = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")


def write_own_wheel(folder: Path, name: str = "convivo") -> Path:
    """Write the wheel of an installed package into a folder. Raises NotAvailable where it cannot be built."""
    installed = distribution(name)
    clone = _clone(installed)
    return _built(clone, folder, name) if clone else _packed_again(installed, folder)


def _clone(installed: Distribution) -> Path | None:
    """The folder of an editable installation."""
    text = installed.read_text("direct_url.json")
    if text is None:
        return None
    told = json.loads(text)
    if not told.get("dir_info", {}).get("editable"):
        return None
    return Path(url2pathname(urlsplit(told["url"]).path))


def _built(clone: Path, folder: Path, name: str) -> Path:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder)]
    done = subprocess.run([*command, str(clone)], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = (done.stderr.strip() or "pip said nothing").splitlines()[-1]
        raise NotAvailable(
            f"the wheel of {name} could not be built: {said}", fix="build it once by: make page"
        )
    return max(folder.glob(f"{name}-*.whl"), key=lambda path: path.stat().st_mtime)


def _packed_again(installed: Distribution, folder: Path) -> Path:
    """A wheel of the files that pip noted, without those that it made itself."""
    about = f"{installed.name}-{installed.version}.dist-info"
    rows: list[tuple[str, str, int | str]] = []
    target = folder / f"{installed.name}-{installed.version}-py3-none-any.whl"
    with writing(target) as part, ZipFile(part, "w", ZIP_DEFLATED) as wheel:
        for file in installed.files or []:
            outside = ".." in file.parts or "__pycache__" in file.parts
            if outside or (file.parent.name == about and file.name in ABOUT_HERE):
                continue
            content = Path(str(file.locate())).read_bytes()
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            rows.append((file.as_posix(), f"sha256={digest}", len(content)))
            wheel.writestr(file.as_posix(), content)
        record = io.StringIO()
        csv.writer(record, lineterminator="\n").writerows([*rows, (f"{about}/RECORD", "", "")])
        wheel.writestr(f"{about}/RECORD", record.getvalue())
    return target
