"""The nets behind "Cut the wire": small U-Nets, each trained from the start without some of its skips."""

from convivo.lab.wires.wirings import WIRINGS, load, wiring

__all__ = ["WIRINGS", "load", "wiring"]
