"""Everything convivo raises on purpose.

ConvivoError
    BadInput        a file, a folder or an option that cannot be used as it is
    BadModel        a model folder that cannot be used as it is
    CannotWrite     the disk refused: full, read-only, no permission
    OutOfMemory     the work does not fit, even in the smallest tiles
    NotAvailable    something that is not here: a network, an engine, a device

Each names the problem (with the value that caused it) and the fix.
"""


class ConvivoError(Exception):
    """A problem that the person can mend, with the words that say how."""

    def __init__(self, problem: str, *, fix: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.problem}\n{self.fix}"


class BadInput(ConvivoError):  # noqa: N818
    """A file, a folder or an option that cannot be used as it is."""


class BadModel(ConvivoError):  # noqa: N818
    """A model folder that cannot be used as it is."""


class CannotWrite(ConvivoError):  # noqa: N818
    """The disk refused: full, read-only, no permission."""


class OutOfMemory(ConvivoError):  # noqa: N818
    """The work does not fit, even in the smallest tiles."""


class NotAvailable(ConvivoError):  # noqa: N818
    """Something that is not here: a network, an engine, a device."""
