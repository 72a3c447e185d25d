"""What a check is: a question, who asks it of what, and what it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeAlias, TypeVar

from convivo.doubt.case import Case
from convivo.doubt.finding import Finding
from convivo.model import Example, Model

Asked = TypeVar("Asked")
Answers: TypeAlias = Literal["objects", "restored", "both"]  # what a model answers with


@dataclass(frozen=True, slots=True)
class Check(Generic[Asked]):
    """One question that a sceptic asks. `ask` yields findings; none means that there is nothing to say."""

    id: str
    question: str  # the docstring of its file, in one line
    ask: Callable[[Asked], Iterable[Finding]]
    needs_fingerprint: bool = False
    quick: bool = False  # cheap enough to be asked with every prediction
    of: Answers = "objects"  # the answers that it can be asked of: found objects, restored images, or both

    def applies(self, answer: Answers) -> bool:
        """Whether the question makes sense where a model answers so."""
        return self.of in ("both", answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """Training data before training: what `convivo check` looks at."""

    data: Sequence[Example]
    parts: Mapping[str, str] = field(default_factory=dict)  # name of an image: train or validation
    method: str = "unet"  # that is to be trained
    model: Model | None = None  # that is to be trained on, or a fresh one of the method's default size
    by: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict
    )  # column of groups.csv: name of an image: value


ImageCheck: TypeAlias = Check[Case]
DataCheck: TypeAlias = Check[DataSet]
ModelCheck: TypeAlias = Check[Model]
