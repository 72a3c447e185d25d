"""The second part of `convivo demo`: images of few photons, restored by a net that saw nothing but such images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from convivo.cli.console import remark, say, watched

if TYPE_CHECKING:
    import numpy as np

    from convivo.model import Model
    from convivo.report.restoration_cases import Answer
    from convivo.run.restore import Restorer
    from convivo.types import Image, Restorable

SHIPPED = "nuclei-care"  # asked too, where it is there
PHOTONS = 20.0  # of a bright pixel
SHARE = 0.4  # of the time that the U-Net has
OWN = "Noise2Void, trained just now"
PAPERS = (
    "Noise2Void: Krull, Buchholz, Jug, CVPR 2019",
    "Comparison after a fit: Weigert et al., Nature Methods 2018",
)


@dataclass(frozen=True, slots=True)
class Exposures:
    """Images of few photons to learn from, others with their truth to be restored, and how they were divided."""

    learn: Sequence[Restorable]  # without targets
    unseen: Sequence[Restorable]
    story: str


def restoration(out: Path, exposures: Exposures, minutes: float, seed: int) -> Path:
    """Train, restore what was never seen, and write the page; returns where it is."""
    from convivo.cli.watching import follow, unit_of
    from convivo.model import Model, ModelFolder
    from convivo.run.config import TrainConfig
    from convivo.run.restore import Restorer
    from convivo.run.train import train

    model = Model.new("n2v", exposures.learn, name="demo-restorer", seed=seed)
    store = ModelFolder(out / "restorer")
    store.finish()  # a demo starts anew
    config = TrainConfig(minutes=SHARE * minutes, seed=seed, anyway=True)
    follow(train(model, exposures.learn, config, store=store), unit_of(model))
    restorers = {OWN: Restorer(model)}
    if ready := shipped(exposures.unseen[0]):
        restorers[f"CARE, {SHIPPED!r}"] = ready
    return write(out / "report" / "restoration.html", model, restorers, exposures)


def exposures(learn: Sequence[Image], unseen: Sequence[Image], story: str, seed: int) -> Exposures:
    """Twins of few photons of all images that show something; of the unseen with the images as their truth.

    Raises BadInput where nothing is left.
    """
    from dataclasses import replace

    import numpy as np

    from convivo.errors import BadInput

    rng = np.random.default_rng(seed)
    noisy = [replace(each, target=None) for each in _twins(learn, rng)]
    pairs = _twins(unseen, rng)
    if not (noisy and pairs):
        raise BadInput("the images show nothing", fix="give images with some contrast")
    return Exposures(noisy, pairs, story)


def clean_images(folder: Path) -> list[Image]:
    """What the simulated images of a folder are without noise."""
    from convivo.io.images import read
    from convivo.io.inputs import find_images

    return [read(path) for path in find_images([folder / "clean"])]


def shipped(first: Restorable) -> Restorer | None:
    """The model that comes with convivo, where there is one that can see these images."""
    from convivo.errors import BadModel
    from convivo.model import Model, find_model
    from convivo.run.restore import Restorer

    try:
        model = Model.load(find_model(SHIPPED))
    except BadModel:
        return None
    channels = first.image.array.shape[first.image.axes.index("C")]
    flat = "Z" not in first.image.axes
    if channels != model.card.net.channels or flat != (model.dimensions == 2):
        remark(f"note: the model {SHIPPED!r} sees one channel in 2-D, so it is not asked about these images")
        return None
    return Restorer(model)


def write(path: Path, model: Model, restorers: dict[str, Restorer], exposures: Exposures) -> Path:
    """The page of all ways side by side."""
    from convivo.io.atomic import output_folder
    from convivo.report.restoration import write_restoration_report
    from convivo.report.restoration_cases import cases_of, draw
    from convivo.report.restoration_content import RestorationReport

    training = model.card.training
    assert training is not None
    cases, engine = [], ""
    for each in watched(exposures.unseen, "restoring", len(exposures.unseen), "image"):
        answers = [_answer(title, restorer, each) for title, restorer in restorers.items()]
        cases += [draw(case) for case in cases_of(each, answers)]
        engine = answers[0].found.engine
    report = RestorationReport(
        title="Noise2Void sees through noise" if len(restorers) == 1 else "Two nets see through noise",
        subtitle=f"At {PHOTONS:g} photons in a bright pixel; Noise2Void learned a moment ago, from noisy images alone",
        facts=(
            ("model", f"Noise2Void, {sum(weight.numel() for weight in model.net.parameters()):,} weights"),
            ("trained", f"{training.steps:,} steps in {training.minutes:.1f} minutes"),
            ("learned from", f"{len(exposures.learn)} noisy images, without any truth"),
            ("seed", str(training.seed)),
            ("engine", engine),
        ),
        scored_on=exposures.story,
        cases=tuple(cases),
        credits=PAPERS,
    )
    output_folder(path.parent)
    write_restoration_report(path, report)
    say(f"restored {len(exposures.unseen)} images of few photons")
    return path


def _answer(title: str, restorer: Restorer, each: Restorable) -> Answer:
    from convivo.report.restoration_cases import Answer
    from convivo.run.evaluate_restored import evaluate_restored

    ((scores, found),) = evaluate_restored(restorer, [each])
    return Answer(title, scores, found)


def _twins(images: Sequence[Image], rng: np.random.Generator) -> list[Restorable]:
    """Pairs of a twin and its image; what has no contrast has no twin."""
    from convivo.errors import BadInput
    from convivo.ops.simulate import low_exposure_image
    from convivo.types import Restorable

    pairs = []
    for image in images:
        try:
            twin = low_exposure_image(image, PHOTONS, rng)
        except BadInput as error:
            remark(f"note: not restored: {error.problem}")
            continue
        pairs.append(Restorable(twin, image, image.name))
    return pairs
