"""The version, in a leaf of its own, so that nobody imports the package root to learn it."""

__version__ = "0.1.0"
