"""Which commit of convivo is running, where it runs from a checkout; read from git's files, without git."""

from __future__ import annotations

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]


def running_commit(checkout: Path = CHECKOUT) -> str | None:
    """The commit that HEAD names, or nothing where there is no checkout (an installed package has none)."""
    git = checkout / ".git"
    head = _text(git / "HEAD")
    if head is None or not head.startswith("ref: "):
        return head
    name = head.removeprefix("ref: ")
    packed = (_text(git / "packed-refs") or "").splitlines()
    in_pack = (line.split()[0] for line in packed if line.endswith(f" {name}"))
    return _text(git / name) or next(in_pack, None)


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8").strip() if path.is_file() else None
