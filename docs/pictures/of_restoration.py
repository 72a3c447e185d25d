"""Cases of the checks of restored images and of trainings. Three nets are trained, for half a minute each."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from panels import Case, Panel, Part, percent, worst_of
from scenes import WIDE, fields
from scipy import ndimage

from convivo.doubt import DataSet
from convivo.doubt.case import Case as Asked
from convivo.doubt.checks import invention, noise, overfit, renoising
from convivo.model import Model, ModelFolder, Row, find_model
from convivo.ops.augment import NONE
from convivo.ops.simulate import Microscope, Scene, low_exposure, simulate, simulate_many
from convivo.report.pictures import grey_between
from convivo.run.config import TrainConfig
from convivo.run.predict import Predictor
from convivo.run.restore import Restorer
from convivo.run.stress import accuracy
from convivo.run.train import train
from convivo.types import Annotated, AnyArray, Image, Region, Restorable

SHOWN = (slice(0, 112), slice(0, 77))  # a part of which three fill a panel, each pixel as a square of them
TWO_OF_EACH = (slice(64, 176), slice(163, 240))  # another part, with as much reflected as not
PHOTONS = 20
DARK = -9.0  # below all that is drawn
NOISE = 0.2  # of the range
TRAINED, CHOSE = "#0072b2", "#d55e00"


@dataclass(frozen=True, slots=True)
class Restored:
    """What `nuclei-care` makes of a low exposure, and how wrong that is."""

    asked: Asked
    truth: AnyArray

    @property
    def after(self) -> AnyArray:
        """The restored image."""
        return np.asarray(self.asked.restoration.image.array[0])

    @property
    def wrong(self) -> float:
        """Share of the truth's variance."""
        return float(np.mean(np.square(self.after - self.truth)) / np.var(self.truth))

    def parts(self, part: Region = SHOWN) -> list[Part]:
        """Before, after and the truth, on one scale of brightness."""
        before = self.asked.pixels[0]
        of = self.truth if np.ptp(self.truth) else self.after
        ends = (float(np.percentile(of, 0.5)), float(np.percentile(of, 99.8)))
        named = (("as it came", before), ("restored", self.after), ("the truth", self.truth))
        return [Part(grey_between(each[part], *ends), name) for name, each in named]


def restored(light: AnyArray, truth: AnyArray, photons: float) -> Restored:
    """Expose shortly what reaches the camera, and restore it."""
    low = low_exposure(np.asarray(light, np.float32), photons, np.random.default_rng(0))
    return Restored(Asked(_care(), Image(low[None], name="field")), truth)


@cache
def _care() -> Model:
    return Model.load(find_model("nuclei-care"))


@cache
def usual() -> Restored:
    """Nuclei, as the model knows them."""
    clean = simulate(Scene(shape=WIDE), Microscope(), seed=1).clean
    return restored(clean, clean, PHOTONS)


def invention_case() -> Case:
    """Nothing but noise, in which the net finds something; a reflection, which is in the light already."""
    dark = restored_noise()
    clean = usual().truth
    ghost = 0.5 * np.roll(ndimage.gaussian_filter(clean, 1.5), (37, 61), (0, 1))
    mirrored = restored(clean + ghost - ghost.min(), clean, PHOTONS)
    return Case(
        Panel(
            dark.parts(),
            "the shutter was closed: nothing but the camera's noise",
            worst_of(invention.CHECK.ask(dark.asked)),
            "variance that is a guess:",
            "all that was drawn is wrong",
            unit="%",
        ),
        Panel(
            mirrored.parts(TWO_OF_EACH),
            "a reflection in the microscope shows every nucleus twice",
            worst_of(invention.CHECK.ask(mirrored.asked)),
            "variance that is a guess:",
            f"the error is {percent(mirrored.wrong)} of the variance (usually {percent(usual().wrong)}): the light was "
            "there, the nuclei are not",
            unit="%",
        ),
    )


def restored_noise() -> Restored:
    """The camera's noise, and no light."""
    noisy = np.random.default_rng(0).standard_normal(WIDE).astype(np.float32)
    return Restored(Asked(_care(), Image(noisy[None], name="field")), np.full(WIDE, DARK))


def renoising_case() -> Case:
    """Hardly any light; enough light, out of focus."""
    clean = usual().truth
    dark = restored(clean, clean, 1)
    blurred = restored(ndimage.gaussian_filter(clean, 5), clean, PHOTONS)
    return Case(
        Panel(
            dark.parts(),
            "one photon where a nucleus is bright",
            worst_of(renoising.CHECK.ask(dark.asked)),
            "variance that comes out otherwise a second time:",
            f"the error is {percent(dark.wrong)} of the variance; with {PHOTONS} photons {percent(usual().wrong)}",
            unit="%",
        ),
        Panel(
            blurred.parts(),
            f"{PHOTONS} photons, out of focus",
            worst_of(renoising.CHECK.ask(blurred.asked)),
            "variance that comes out otherwise a second time:",
            f"the error is {percent(blurred.wrong)} of the variance: it comes back the same, and blurred",
            unit="%",
        ),
    )


def noise_case() -> Case:
    """Noise that neighbours in a row share; slow bands, which look like structure."""
    return Case(
        _noisy(
            in_rows,
            "each pixel shares its noise with its neighbours in the row",
            "what neighbours tell of the noise:",
            "{left} of the noise is left when Noise2Void was trained on it",
        ),
        _noisy(
            in_bands,
            "noise of each pixel's own, and slow bands as of humming mains",
            "what neighbours tell of the noise:",
            "{left} of the noise is left when Noise2Void was trained on it, nearly all of it bands",
        ),
    )


Noise = Callable[[np.random.Generator], AnyArray]


def in_rows(rng: np.random.Generator) -> AnyArray:
    """Noise of one deviation, smooth along X."""
    values = ndimage.gaussian_filter1d(rng.standard_normal(WIDE), 1, axis=1)
    return np.asarray(values / values.std())


def in_bands(rng: np.random.Generator) -> AnyArray:
    """Noise of one deviation of each pixel's own, and bands nearly as strong."""
    bands = ndimage.gaussian_filter1d(rng.standard_normal(WIDE[0]), 5)
    return np.asarray(rng.standard_normal(WIDE) + 0.75 * (bands / bands.std())[:, None])


def _noisy(make: Noise, done: str, of: str, truth: str) -> Panel:
    """Train Noise2Void on such images, and show what it leaves."""
    clean = [each.clean for each in simulate_many(4, Scene(shape=WIDE), Microscope(), seed=1)]
    added = [NOISE * np.ptp(each) * make(np.random.default_rng(n)) for n, each in enumerate(clean)]
    data = [
        Restorable(Image((each + more).astype(np.float32)[None], name=f"field{n}"), None, f"field{n}")
        for n, (each, more) in enumerate(zip(clean, added, strict=True))
    ]
    model = Model.new("n2v", data, name="short")
    for _ in train(model, data, TrainConfig(steps=120, anyway=True)):
        pass
    after = Restorer(model).restore(data[0].image).image.array[0]
    left = float(np.var(after - clean[0]) / np.var(added[0]))
    ends = (float(np.percentile(clean[0], 0.5)), float(np.percentile(clean[0], 99.8)))
    named = (("as it came", data[0].image.array[0]), ("restored", after), ("the truth", clean[0]))
    return Panel(
        [Part(grey_between(each[SHOWN], *ends), name) for name, each in named],
        done,
        worst_of(noise.CHECK_OF_DATA.ask(DataSet(data=data, method="n2v"))),
        of,
        truth.format(left=percent(left)),
        unit="%",
    )


BRIGHT, DIM = Microscope(), Microscope(photons=30)
FEW = Scene(shape=(64, 64), nuclei=5, diameter=18)


def overfit_case() -> Case:
    """One training on one field, looked at with other fields, and with a copy of the one that trained."""
    (only,), others = fields(1, FEW, BRIGHT, seed=1), fields(4, FEW, DIM, seed=50)
    copy = replace(only, image=replace(only.image, name="copy"), group="copy")
    return Case(
        _by_heart(only, others, "fields of another day"), _by_heart(only, [copy], "a copy of that very field")
    )


def _by_heart(only: Annotated, chose: Sequence[Annotated], what: str) -> Panel:
    """Train on one field without any augmentation, and keep the last weights."""
    names = {"only": "train"} | {each.name: "validation" for each in chose}
    only = replace(only, image=replace(only.image, name="only"), group="only")
    config = TrainConfig(steps=400, patch=64, batch=4, rate=1e-3, patience=1000, augmentation=NONE)
    with tempfile.TemporaryDirectory() as folder:
        store = ModelFolder(Path(folder) / "by-heart")
        model = Model.new("unet", [only], name="by-heart", filters=8)
        for _ in train(model, [only, *chose], config, store=store, parts=names):
            pass
        shutil.copy(store.path / "last.safetensors", store.path / "weights.safetensors")
        model = Model.load(store.path)
        assert model.card.training is not None
        training = msgspec.structs.replace(model.card.training, best_step=config.steps)
        model.card = msgspec.structs.replace(model.card, training=training)
        rows, found = store.curve(), list(overfit.CHECK.ask(model))
        finding = worst_of([each for each in found if "certainty" in each.evidence] or found)
    known, new = (
        np.mean([_accuracy(model, each) for each in some]) for some in ([only], fields(4, FEW, DIM, seed=60))
    )
    return Panel(
        [Part(_losses(rows, what), "steps of training")],
        f"one field of {FEW.nuclei} nuclei trains for long; {what} choose{'s' * (len(chose) == 1)}",
        finding,
        "the loss on images that chose rose, in doublings:" if finding.measured else "nothing rose or fell",
        f"accuracy {known:.2f} on the field that trained, {new:.2f} on new fields",
    )


def _accuracy(model: Model, each: Annotated) -> float:
    return accuracy(each.labels, Predictor(model).predict(each.image).labels)


def _losses(rows: Sequence[Row], what: str) -> Any:
    """Both losses over the steps, on a logarithmic scale."""

    def draw(axes: Any) -> None:
        steps, losses = zip(*((row.step, row.loss) for row in rows), strict=True)
        chose = [(row.step, row.validation_loss) for row in rows if row.validation_loss]
        axes.plot(steps, losses, color=TRAINED, linewidth=1.2)
        axes.plot(*zip(*chose, strict=True), "o-", color=CHOSE, linewidth=1.2, markersize=3.5)
        axes.set_yscale("log")
        axes.set(ylim=(0.008, 4), ylabel="loss")
        axes.text(
            steps[-1], losses[-1] * 0.75, "on the field that trained", color=TRAINED, ha="right", va="top"
        )
        above = 1.5 * max(loss for step, loss in chose if step > 0.4 * steps[-1])
        axes.text(steps[-1], above, f"on {what}", color=CHOSE, ha="right", va="bottom")

    return draw
