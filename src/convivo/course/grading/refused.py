"""A file that cannot be graded."""


class Refused(Exception):  # noqa: N818
    """Why a file was not run; `str()` is a sentence for the table."""
