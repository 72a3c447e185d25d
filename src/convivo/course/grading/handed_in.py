"""What was handed in: which file, by whom, for which exercise, and the program in it."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from convivo.course.export.taken_home import exercise_named_in
from convivo.course.grading.notebooks import Program, program_of
from convivo.course.grading.refused import Refused
from convivo.errors import BadInput

LARGEST: Final = {".py": 1_000_000, ".ipynb": 40_000_000}  # bytes; notebooks hold pictures
LONGEST: Final = 500_000  # characters of a program
_HIDDEN: Final = ("__pycache__", "__MACOSX")
_MOODLE: Final = re.compile(r"_\d+_assignsubmission_\w+$")
_COPY: Final = re.compile(r"(\s*\(\d+\)|[-_ ]Copy\d*|[-_ ]copy\d*)$")


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One file. `refused` says why it cannot be run; `exercise` is empty where nobody said which it is."""

    who: str
    file: str  # within the folder, with / on every system
    exercise: str
    program: Program | None
    refused: str = ""


def files_in(folder: Path) -> list[Path]:
    """All files below a folder, in order, without hidden ones. Raises BadInput where it is none or holds none."""
    if not folder.is_dir():
        raise BadInput(f"{folder} is no folder", fix="name the folder of what was handed in; unpack it first")
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if (path.is_symlink() or path.is_file())
        and not any(part.startswith(".") or part in _HIDDEN for part in path.relative_to(folder).parts)
    ]
    if not found:
        raise BadInput(f"{folder} holds no files", fix="name the folder of what was handed in")
    return found


def read_handed_in(path: Path, folder: Path, exercises: Sequence[str], exercise: str | None) -> HandedIn:
    """One file of the folder; `exercise` is meant where the file itself says none. Never raises for what is in it."""
    file = path.relative_to(folder).as_posix()
    program: Program | None = None
    refused = ""
    named: str | None = None
    try:
        program = _program(path)
        named = exercise_named_in(program.texts)
    except Refused as error:
        refused = str(error)
    named = named or exercise or next((each for each in exercises if each in path.stem), "")
    if not refused and named not in exercises:
        refused = (
            f"It calls itself {named}, which is no exercise here."
            if named
            else "It does not say which exercise it is: its first line shall say `# exercise: NAME`."
        )
    return HandedIn(who(PurePath(file), named), file, named, program, refused)


def who(file: PurePath, exercise: str) -> str:
    """From `ada_matching.py`, `matching_ada.ipynb` or `ada/matching.py`: ada."""
    stem = _COPY.sub("", file.stem)
    named = stem.replace(exercise, "").strip(" _-.") if exercise else stem
    if named and named.lower() not in ("solution", "exercise", "notebook"):
        return named
    folder = _MOODLE.sub("", file.parent.name).strip()
    return folder or stem


def _program(path: Path) -> Program:
    ending = path.suffix.lower()
    if ending not in LARGEST:
        raise Refused(f"A file of the kind {ending or 'without ending'} is not read: hand in .py or .ipynb.")
    if path.is_symlink():
        raise Refused("This is a link to another file, and not a file.")
    try:
        size = path.stat().st_size
        if size > LARGEST[ending]:
            raise Refused(
                f"The file is too large: {size / 1e6:.0f} MB, and {LARGEST[ending] / 1e6:.0f} may be."
            )
        data = path.read_bytes()
    except OSError as error:
        raise Refused(f"The file cannot be read: {error.strerror or error}.") from error
    text = _text(data)
    program = program_of(text) if ending == ".ipynb" else Program(text, (text,))
    if not program.source.strip():
        raise Refused("There is no code in it.")
    if len(program.source) > LONGEST:
        raise Refused(f"The program is too long: {len(program.source):,} characters.")
    return program


def _text(data: bytes) -> str:
    """As Python would read it; and in UTF-16, which some editors of Windows write."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\x00" in data:
        raise Refused("The file is no text.")
    else:
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        except SyntaxError:
            raise Refused("The file is no text in UTF-8: save it again as UTF-8.") from None
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError):  # some codecs of Python raise no UnicodeDecodeError
        raise Refused("The file is no text in UTF-8: save it again as UTF-8.") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
