"""`convivo doubt`: may one believe a model's answer for these images?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convivo.cli import options
from convivo.cli.console import debugging, print_json, remark, say, watched

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convivo.doubt import Finding
    from convivo.doubt.examine import Examination
    from convivo.doubt.report import Gallery
    from convivo.errors import ConvivoError
    from convivo.model import Model
    from convivo.run.asking import PredictOptions

NAME = "doubt"
DOUBTS, NOT_DONE, DO_NOT_USE, STOPPED = 1, 2, 3, 130  # exit codes


def command(
    images: Annotated[list[str], typer.Argument(help="Files, folders or patterns: TIFF, PNG, JPEG.")],
    model: options.ModelName,
    out: Annotated[Path | None, typer.Option(help="Folder for report.html and findings.json.")] = None,
    axes: options.Axes = None,
    channel: options.Channel = None,
    scale: options.Scale = 1.0,
    quick: Annotated[
        bool, typer.Option("--quick", help="Only the checks that `predict` makes by itself.")
    ] = False,
    json: options.Json = False,
    config: options.Config = None,
) -> None:
    """Say when not to believe a model. Exit code 0 fine, 1 doubts, 3 do not use; 2 where a file could not be read."""
    from convivo.doubt.report import Gallery
    from convivo.io.atomic import output_folder
    from convivo.io.inputs import find_images, output_names
    from convivo.model import Model, find_model
    from convivo.run.asking import PredictOptions

    asked = Asking(Model.load(find_model(model)), PredictOptions(scale=scale), model, quick=quick)
    paths = find_images(images)
    if out is not None:
        output_folder(out)
    gallery = Gallery() if out is not None else None
    of_model = asked.of_model()
    findings = list(of_model)
    for examined in asked.examined(list(zip(paths, output_names(paths), strict=True)), axes, channel):
        findings += examined.findings
        if gallery is not None:
            gallery.add(examined)
    if out is not None and gallery is not None:
        write(out, asked, gallery, findings, of_model)
    if json:
        import msgspec

        print_json(msgspec.to_builtins([*findings, *asked.not_done]))
    else:
        show(findings, len(paths) - len(asked.failures))
    conclude(findings, asked, len(paths))


class Asking:
    """A model that is doubted over many images; what fails is remembered, and does not stop the others."""

    def __init__(self, model: Model, how: PredictOptions, named: str, *, quick: bool) -> None:
        self.model, self.how, self.named, self.quick = model, how, named, quick
        self.failures: list[tuple[Path, ConvivoError]] = []
        self.not_done: list[
            Finding
        ] = []  # of these; they raise no doubt of the model, and no exit code of doubt
        self.stopped = False

    def examined(
        self, files: Sequence[tuple[Path, str]], axes: str | None, channel: str | None
    ) -> Iterator[Examination]:
        """Each image after all checks, with advice that can be typed. Ctrl-C ends them."""
        from convivo.doubt.case import Case
        from convivo.doubt.examine import examination, not_done
        from convivo.io.images import read
        from convivo.work.words import in_words

        for path, name in watched(files, "doubting", len(files), "image"):
            try:  # what is no number is a finding, not a file that cannot be read
                image = replace(read(path, axes=axes, channel=channel, finite=False), name=name)
                found = self._advised(examination(Case(self.model, image, self.how, None, self.quick)), path)
            except KeyboardInterrupt:
                self.stopped = True
                return
            except Exception as error:
                told = in_words(error)
                if told is not error and debugging():
                    raise
                self.failures.append((path, told))
                self.not_done.append(not_done(name, told))
            else:
                yield found

    def of_model(self) -> tuple[Finding, ...]:
        """What its training says against the model, whatever it is shown; nothing where no curve tells how it went."""
        from convivo.doubt.examine import examine_model
        from convivo.model import ModelFolder

        folder = self.model.folder
        if self.quick or folder is None or not ModelFolder(folder).holds_curve:
            return ()
        return self._complete(examine_model(self.model), "IMAGES")

    def _advised(self, found: Examination, path: Path) -> Examination:
        return replace(found, findings=self._complete(found.findings, str(path)))

    def _complete(self, findings: Sequence[Finding], images: str) -> tuple[Finding, ...]:
        """The findings with advice that names these images and this model."""
        from convivo.doubt.advice import completed

        method = self.model.card.method
        return tuple(completed(each, images=images, model=self.named, method=method) for each in findings)


def write(
    out: Path, asked: Asking, gallery: Gallery, findings: Sequence[Finding], of_model: Sequence[Finding]
) -> None:
    """report.html and findings.json."""
    from convivo.doubt import findings_to_json
    from convivo.doubt.report import DoubtReport, write_report
    from convivo.io.atomic import writing
    from convivo.version import __version__

    with writing(out / "findings.json") as part:
        part.write_bytes(findings_to_json([*findings, *asked.not_done]))
    facts = (
        ("Model", asked.named),
        ("Method", asked.model.card.method),
        ("Shown", f"{asked.how.scale:g} times as large" if asked.how.scale != 1 else "as large as it is"),
        ("Asked", "the quick checks alone" if asked.quick else "all checks"),
        ("convivo", __version__),
    )
    failures = tuple((str(path), f"{error.problem} (fix: {error.fix})") for path, error in asked.failures)
    report = DoubtReport(
        model=asked.model.card.name,
        facts=facts,
        images=tuple(gallery.images),
        of_model=tuple(of_model),
        failures=failures,
    )
    write_report(out / "report.html", report)
    remark(f"report: {out / 'report.html'}")


def show(findings: Sequence[Finding], images: int) -> None:
    """One line for each finding that is not fine, and how many images are."""
    from convivo.doubt import Level

    for finding in findings:
        if finding.level is not Level.fine:
            about = f"{finding.image}: " if finding.image else ""  # what is said of the model names it
            say(f"{finding.level:5} {about}{finding.id}: {finding.evidence}")
            if finding.advice:
                say(f"      {finding.advice}")
    doubtful = {finding.image for finding in findings if finding.image and finding.level.rank >= 2}
    of_model = any(not finding.image and finding.level.rank >= 2 for finding in findings)
    but = "; the model itself does" if of_model else ""
    remark(f"{images - len(doubtful)} of {images} images raise no doubt{but}")


def conclude(findings: Sequence[Finding], asked: Asking, total: int) -> None:
    """What could not be done, and the exit code: doubts are said before what could not be read."""
    from convivo.doubt import Level, worst

    if asked.failures:
        remark(f"convivo: {len(asked.failures)} of {total} images could not be done:")
    for path, error in asked.failures:
        remark(f"  {path}: {error.problem} (fix: {error.fix})")
    level = worst(findings)
    code = {Level.warn: DOUBTS, Level.stop: DO_NOT_USE}.get(level, NOT_DONE if asked.failures else 0)
    code = STOPPED if asked.stopped else code
    if code:
        raise SystemExit(code)
