"""Blind spots: hide single pixels of a noisy patch, and ask a net for them.

Where the noise of a pixel says nothing about that of its neighbours, a net that has to tell a hidden pixel from its
surroundings can only learn the signal (Krull, Buchholz, Jug: Noise2Void, CVPR 2019). A hidden pixel shows the value
of a random neighbour instead of its own. The mean or the median of the neighbours leaves fewer checkerboards (Höck et
al.: N2V2, ECCV workshops 2022). Noise that runs along lines, as of a scanner or a camera's rows, also shows in the
neighbours on the line, so these are hidden as well (Broaddus et al.: structN2V, ISBI 2020).

settings  how many pixels, and what is shown instead
places    which pixels: spread evenly, all equally likely
hiding    the patch as a net is shown it, and what it should say
"""

from convivo.ops.blind_spots.hiding import hide
from convivo.ops.blind_spots.places import spots
from convivo.ops.blind_spots.settings import BlindSpot

__all__ = ["BlindSpot", "hide", "spots"]
