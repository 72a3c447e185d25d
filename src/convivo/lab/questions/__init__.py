"""What the page may ask the worker: each a request, and a function that answers it. The list is written out.

The page sends `POST /api/ask/NAME` with the request as JSON; what comes back may hold arrays. A request is a
msgspec.Struct, an answer one too (or a dataclass), with numpy arrays where it has any.

A module is imported when it is asked first: most need torch, and a picture must be there before torch is.
"""

from __future__ import annotations

from importlib import import_module

from convivo.lab import shelf
from convivo.lab.questions.question import Question

# question: the module of this room that holds it among its QUESTIONS
MODULES = {
    "picture": "picture",
    "kernels": "kernels",
    "look": "look",
    "decide": "look",
    "string": "pull_the_string",
    "clean": "clean",
    "unet-maps": "unet_maps",
    "cut-wire": "cut_wire",
    "break-it": "break_it",
    "break-it-aid": "break_it",
    "detective": "detective",
    "detective-case": "detective",
    "detective-verdicts": "detective",
    "detective-proof": "detective",
    "stars": "stars",
    "crowd": "crowd",
    "two-microscopes": "two_microscopes",
    "misaligned": "two_microscopes",
    "take-back": "corrections",
}
WITHOUT_TORCH = ("picture", "clean")  # they are answered while torch is still being imported


def question_named(name: str) -> Question | None:
    """The question of a name, or None where there is none."""
    if name not in MODULES:
        return None
    if name not in WITHOUT_TORCH:
        shelf.wait_until_warm()  # two threads that import torch at once may meet half a module
    questions: list[Question] = import_module(f"{__name__}.{MODULES[name]}").QUESTIONS
    return next(question for question in questions if question.name == name)
