"""Small wheels for tests, written by hand."""

import base64
import hashlib
from zipfile import ZipFile


def write_wheel(folder, name, version, files, *, entry_points="", requires=()):
    """A wheel with a package of the files {path: text}; gives its path."""
    about = f"{name}-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {need}\n" for need in requires)
    files = {
        **files,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if entry_points:
        files[f"{about}/entry_points.txt"] = f"[console_scripts]\n{entry_points}\n"
    path = folder / f"{name}-{version}-py3-none-any.whl"
    rows = []
    with ZipFile(path, "w") as wheel:
        for file, text in files.items():
            wheel.writestr(file, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            rows.append(f"{file},sha256={digest},{len(text.encode())}")
        wheel.writestr(f"{about}/RECORD", "\n".join([*rows, f"{about}/RECORD,,", ""]))
    return path
