"""What `convivo predict` doubts by itself: one line for each finding that matters, all beside the results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convivo.cli.console import debugging, in_words, remark

if TYPE_CHECKING:
    from pathlib import Path

    from convivo.doubt import Finding
    from convivo.errors import ConvivoError
    from convivo.model import Model
    from convivo.run.asking import PredictOptions
    from convivo.types import Image, Prediction, Restoration


class Doubts:
    """The findings of many images: said where they matter, kept for findings.json and for the files themselves."""

    def __init__(self, model: Model, options: PredictOptions, *, named: str) -> None:
        self.model, self.options, self.named = model, options, named  # as the person named the model
        self.findings: list[Finding] = []
        self.not_done: list[Finding] = []  # of images without a result, which are said and counted as such

    def of(self, image: Image, answer: Prediction | Restoration, path: Path) -> str:
        """Ask the quick checks, say what is worth a look, and give the text that travels with the result."""
        from convivo.doubt import Level, findings_to_info
        from convivo.doubt.advice import completed

        method = self.model.card.method
        found = self._asked(image, answer)
        for finding in found:
            if finding.level.rank >= Level.warn.rank:
                remark(f"{finding.level}: {finding.image}: {finding.id}: {finding.evidence}")
        self.findings += [
            completed(each, images=str(path), model=self.named, method=method) for each in found
        ]
        # results are passed on: they name the image, and never where it lay
        travels = [
            completed(each, images=path.name, model=self.model.card.name, method=method) for each in found
        ]
        return findings_to_info(travels, self.model.card.name)

    def failed(self, name: str, error: ConvivoError) -> None:
        """Keep that there is no answer for an image, and why."""
        from convivo.doubt.examine import not_done

        self.not_done.append(not_done(name, error))

    def write(self, out: Path) -> None:
        """findings.json, and in one line how many images are doubtful."""
        from convivo.doubt import findings_to_json
        from convivo.io.atomic import writing

        path = out / "findings.json"
        with writing(path) as part:
            part.write_bytes(findings_to_json([*self.findings, *self.not_done]))
        if said := self.in_short():
            remark(f"doubt: {said}: see {path}, or ask `convivo doubt`")

    @property
    def was_asked(self) -> bool:
        """Whether the model could be asked at all: one without a fingerprint answers with notes alone."""
        return any(each.measured is not None for each in self.findings)

    def in_short(self) -> str:
        """How many images are doubtful, and how many notes there are; empty where there is nothing to say."""
        from convivo.doubt import Level
        from convivo.report.cases import counted

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
        from convivo.doubt import Finding, Level
        from convivo.doubt.examine import examine

        try:
            return examine(self.model, image, quick=True, options=self.options, known=answer)
        except Exception as error:  # a result is not lost because something could not be asked of it
            if debugging():
                raise
            why = in_words(error).problem
            return [Finding(image=image.name, id="overall", level=Level.note, evidence=f"not asked: {why}")]
