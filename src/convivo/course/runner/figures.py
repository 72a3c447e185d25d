"""The place where figures go to: matplotlib draws into memory, and `plt.show()` hands the pixels over.

matplotlib is told to use this module as its backend. Pixels cross, not a file, so that nothing which a learner's
program wrote is ever decoded by us.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib._pylab_helpers import Gcf
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg

NAME = "module://" + __name__
SIDE = 2000  # pixels; what is larger is drawn smaller
MOST = 40  # figures of one run

Sink = Callable[[np.ndarray[Any, Any]], None]
sink: list[Sink] = []  # where pixels (Y, X, 3) go; the run puts its own in


class FigureManager(FigureManagerBase):
    """Nothing to manage: a figure is shown once, and then closed."""

    @classmethod
    def pyplot_show(cls, *, block: bool | None = None) -> None:
        """What `plt.show()` does."""
        show_all()


class FigureCanvas(FigureCanvasAgg):
    """Draws into memory."""

    manager_class = FigureManager


def show_all() -> None:
    """Hand over all open figures and close them."""
    for manager in Gcf.get_all_fig_managers():
        if sink:
            sink[0](pixels(manager.canvas.figure))
    plt.close("all")


def pixels(figure: Any) -> np.ndarray[Any, Any]:
    """A figure as colours, (Y, X, 3) in 0..255."""
    longest = max(figure.get_size_inches()) * figure.dpi
    if longest > SIDE:
        figure.set_dpi(figure.dpi * SIDE / longest)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()  # type: ignore[no-untyped-call]
