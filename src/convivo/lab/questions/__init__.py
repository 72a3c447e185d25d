"""What the page may ask the worker: each a request, and a function that answers it. The list is written out.

The page sends `POST /api/ask/NAME` with the request as JSON; what comes back may hold arrays. A request is a
msgspec.Struct, an answer one too (or a dataclass), with numpy arrays where it has any.
"""

from __future__ import annotations

from convivo.lab.questions import picture
from convivo.lab.questions.question import Question

QUESTIONS: dict[str, Question] = {
    question.name: question
    for question in [
        picture.QUESTION,
    ]
}
