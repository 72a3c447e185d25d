"""A notebook, written as nbformat 4.5 says, so that Jupyter, VS Code and Colab open it.

Cells are those that jupytext makes of the same program in the percent format.
"""

from __future__ import annotations

import json
from typing import Any

from convivo.course.exercise.cells import Cell


def notebook(cells: tuple[Cell, ...], exercise: str) -> str:
    """The notebook's JSON. Nothing in it changes from one time to the next."""
    return json.dumps(
        {
            "cells": [_cell(cell, number) for number, cell in enumerate(cells, start=1)],
            "metadata": {
                "convivo": {"exercise": exercise},
                "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"},
            },
            "nbformat": 4,
            "nbformat_minor": 5,
        },
        indent=1,
        ensure_ascii=False,
    )


def _cell(cell: Cell, number: int) -> dict[str, Any]:
    made = {
        "cell_type": cell.kind,
        "id": f"cell-{number}",
        "metadata": {},
        "source": cell.text.splitlines(keepends=True),
    }
    return made | ({"execution_count": None, "outputs": []} if cell.kind == "code" else {})
