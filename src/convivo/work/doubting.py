"""What every prediction doubts by itself: the quick checks, kept for findings.json and for the files themselves."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from convivo.doubt import Finding, Level, findings_to_info, findings_to_json
from convivo.doubt import examine as examining
from convivo.doubt.advice import completed
from convivo.errors import ConvivoError
from convivo.io.atomic import writing
from convivo.model import Model
from convivo.report.cases import counted
from convivo.run.asking import PredictOptions
from convivo.types import Image, Prediction, Restoration
from convivo.work.words import in_words


class Doubted(NamedTuple):
    """What is doubted of one image."""

    findings: tuple[Finding, ...]
    info: str  # the same as a text that travels inside the result


class Doubts:
    """The findings of many images. Where `strict`, what goes wrong in a check is raised and not noted."""

    def __init__(self, model: Model, options: PredictOptions, *, named: str, strict: bool = False) -> None:
        self.model, self.options, self.named = model, options, named  # as the person named the model
        self.strict = strict
        self.findings: list[Finding] = []
        self.not_done: list[Finding] = []  # of images without a result, which are said and counted as such

    def of(self, image: Image, answer: Prediction | Restoration, path: Path) -> Doubted:
        """Ask the quick checks; gives the findings, the worst first, and the text that travels with the result."""
        method = self.model.card.method
        found = self._asked(image, answer)
        self.findings += [
            completed(each, images=str(path), model=self.named, method=method) for each in found
        ]
        # results are passed on: they name the image, and never where it lay
        travels = [
            completed(each, images=path.name, model=self.model.card.name, method=method) for each in found
        ]
        return Doubted(tuple(found), findings_to_info(travels, self.model.card.name))

    def failed(self, name: str, error: ConvivoError) -> None:
        """Keep that there is no answer for an image, and why."""
        self.not_done.append(examining.not_done(name, error))

    def write(self, out: Path) -> Path:
        """Write findings.json."""
        path = out / "findings.json"
        with writing(path) as part:
            part.write_bytes(findings_to_json([*self.findings, *self.not_done]))
        return path

    @property
    def was_asked(self) -> bool:
        """Whether the model could be asked at all: one without a fingerprint answers with notes alone."""
        return any(each.measured is not None for each in self.findings)

    def in_short(self) -> str:
        """How many images are doubtful, and how many notes there are; empty where there is nothing to say."""
        doubtful, unusable = (
            len({each.image for each in self.findings if each.level.rank >= rank}) for rank in (2, 3)
        )
        # what a model without a fingerprint could not be asked is in the file, and no news with every prediction
        notes = sum(each.level is Level.note and each.measured is not None for each in self.findings)
        parts = [
            f"{doubtful:,} doubtful" if doubtful else "",
            f"{unusable:,} of these not to be used" if unusable else "",
            counted(notes, "note") if notes else "",
        ]
        return ", ".join(filter(None, parts))

    def _asked(self, image: Image, answer: Prediction | Restoration) -> list[Finding]:
        try:
            return examining.examine(self.model, image, quick=True, options=self.options, known=answer)
        except Exception as error:  # a result is not lost because something could not be asked of it
            if self.strict:
                raise
            why = in_words(error).problem
            return [Finding(image=image.name, id="overall", level=Level.note, evidence=f"not asked: {why}")]
