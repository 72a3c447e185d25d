"""Which packages convivo runs with here, each with its version: the laptops get what the teacher tried."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from convivo.errors import NotAvailable


def pins(name: str = "convivo") -> list[str]:
    """`package==version` of everything that a package needs here, directly or through others, without itself.

    What holds for other machines alone (another system, extras that nobody asked for) is left out. Raises NotAvailable
    where something is missing.
    """
    met: set[tuple[str, frozenset[str]]] = set()
    waiting = [Requirement(name)]
    while waiting:
        for needed in _needs(waiting.pop()):
            one = (canonicalize_name(needed.name), frozenset(needed.extras))
            if one not in met:
                met.add(one)
                waiting.append(needed)
    return sorted({f"{package}=={_installed(package)}" for package, _ in met})


def _needs(wanted: Requirement) -> Iterator[Requirement]:
    for text in distribution(wanted.name).requires or []:
        needed = Requirement(text)
        extras = wanted.extras or {""}
        if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
            yield needed


def _installed(package: str) -> str:
    """The public version: a build that calls itself 2.13.0+cpu serves where 2.13.0 is asked for."""
    try:
        return Version(distribution(package).version).public
    except PackageNotFoundError as error:
        raise NotAvailable(
            f"{package} is not installed here, so its version is not known", fix=f"pip install {package}"
        ) from error
