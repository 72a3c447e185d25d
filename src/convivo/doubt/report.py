"""The page of doubt as one HTML file: the verdict, then each image, the worst first, with what speaks against it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from convivo.doubt.advice import Advice, in_parts
from convivo.doubt.bar import Bar, bar_of
from convivo.doubt.checks import OF_IMAGES, OF_MODELS
from convivo.doubt.examine import INPUT, QUESTION, Examination
from convivo.doubt.finding import Finding, Level, worst
from convivo.doubt.pictures import figure_of
from convivo.io.atomic import writing
from convivo.report.cases import counted
from convivo.report.page import rendered

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from convivo.report.content import Figure

PICTURED = 40  # so many of the worst images get pictures
VERDICTS = {
    Level.fine: "fine",
    Level.note: "fine, with a note",
    Level.warn: "doubtful: look before you believe",
    Level.stop: "not to be used",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubted:
    """An image as the page shows it. It holds no array, so that many cost little."""

    name: str
    findings: tuple[Finding, ...]
    pictured: bool = False  # among the worst, which are told at length
    figure: Figure | None = None

    @property
    def level(self) -> Level:
        """The worst."""
        return worst(self.findings)

    @property
    def badness(self) -> tuple[int, float]:
        """Of two images, the worse has more."""
        return self.level.rank, max((finding.doubt for finding in self.findings), default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtReport:
    """All that the page says."""

    model: str
    facts: tuple[tuple[str, str], ...] = ()
    images: tuple[Doubted, ...] = ()
    of_model: tuple[Finding, ...] = ()  # what there is to say of the model itself
    failures: tuple[tuple[str, str], ...] = ()  # name of a file, and why it could not be done


@dataclass(slots=True)
class Gallery:
    """Collects images as they are examined, and keeps the pictures of the worst alone."""

    pictured: int = PICTURED
    images: list[Doubted] = field(default_factory=list)

    def add(self, examined: Examination) -> None:
        """Take an image, with its picture while it is among the worst."""
        new = Doubted(name=examined.case.name, findings=examined.findings)
        shown = [each for each in self.images if each.pictured]
        if len(shown) >= self.pictured:
            least = min(shown, key=lambda each: each.badness, default=None)
            if least is None or new.badness <= least.badness:
                self.images.append(new)
                return
            where = next(number for number, each in enumerate(self.images) if each is least)
            self.images[where] = replace(least, pictured=False, figure=None)
        self.images.append(replace(new, pictured=True, figure=figure_of(examined)))


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as the page tells it."""

    finding: Finding
    question: str
    advice: Advice
    bar: Bar | None


def write_report(path: Path, report: DoubtReport) -> None:
    """Write the page. Raises CannotWrite where the disk refuses."""
    with writing(path) as temporary:
        temporary.write_text(page(report), encoding="utf-8")


def page(report: DoubtReport) -> str:
    """Make the page's HTML. Every name and sentence is escaped."""
    images = sorted(report.images, key=lambda each: (-each.badness[0], -each.badness[1], each.name))
    changed = any(each.figure and "some change" in each.figure.title for each in images)
    return rendered(
        "report.html.j2",
        room="convivo.doubt",
        report=report,
        images=images,
        pictured=sum(each.pictured for each in images),
        counts=[
            (level.value, sum(each.level is level for each in images), words)
            for level, words in VERDICTS.items()
        ][::-1],
        headline=headline([each.level for each in images], worst(report.of_model)),
        verdicts={level.value: words for level, words in VERDICTS.items()},
        told=told,
        speaking=lambda findings: [each for each in findings if each.level is not Level.fine],
        fine=lambda findings: [each for each in findings if each.level is Level.fine],
        comes_and_goes=changed,
    )


def headline(levels: Sequence[Level], of_model: Level = Level.fine) -> str:
    """The verdict on all images in a sentence, and on the model where there is something to say against it."""
    said = _of_images(levels)
    if of_model.rank < Level.warn.rank:
        return said
    return f"{said} The model itself is {VERDICTS[of_model].partition(':')[0]}."


def _of_images(levels: Sequence[Level]) -> str:
    if not levels:
        return "No image could be looked at."
    stop, warn = levels.count(Level.stop), levels.count(Level.warn)
    good = len(levels) - stop - warn
    if good == len(levels):
        return "The image raises no doubt." if good == 1 else f"All {good:,} images raise no doubt."
    parts = [
        f"{stop:,} not to be used" if stop else "",
        f"{warn:,} doubtful" if warn else "",
        f"{good:,} fine" if good else "",
    ]
    return f"Of {counted(len(levels), 'image')}: {', '.join(filter(None, parts))}."


def told(finding: Finding) -> Told:
    """A finding with the question that it answers, its command and its figure."""
    return Told(finding, _questions().get(finding.id, ""), in_parts(finding.advice), bar_of(finding))


def _questions() -> dict[str, str]:
    of_images = {INPUT: QUESTION} | {check.id: check.question for check in OF_IMAGES}
    return of_images | {check.id: check.question for check in OF_MODELS}
