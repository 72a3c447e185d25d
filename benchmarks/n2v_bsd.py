"""Noise2Void on photographs with noise of sigma 25, in PSNR: convivo, and CAREamics on the same noisy images.

    python benchmarks/n2v_bsd.py --data FOLDER [--minutes M] [--out MODEL] [--peer-minutes M]
    python benchmarks/n2v_bsd.py --data FOLDER --model MODEL
    python benchmarks/n2v_bsd.py --data FOLDER --noisy OUT

FOLDER holds grey images of 8 bits, as the 400 pieces of 180 x 180 pixels from BSD on which DnCNN was trained (Zhang et
al., TIP 2017). Each gets one draw of noise, from `default_rng` of its number in name order (from 0), and is neither
rounded nor clipped. The last 40 in name order train nothing: convivo chooses its weights by their noisy pixels, nobody
sees them clean, and the scores are theirs. PSNR has a range of 255; given are its mean over the images and its
standard deviation.

The first form trains with convivo's defaults for so many minutes; with --peer-minutes CAREamics is trained too, with
its own defaults but for the number of epochs (it keeps 8 patches of the others for validation). The second scores a
model that is there, against the recipe's bar. The third writes the noisy images with a groups.csv that says which
train, so that `convivo train n2v OUT` learns from them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from peers import add_peer, hardware, peer_of, verdict

from convivo.io.atomic import output_folder
from convivo.io.images import read
from convivo.io.inputs import find_images
from convivo.io.label_images import write_image
from convivo.io.pairs import GROUPS
from convivo.io.tables import write_table
from convivo.model import Model, ModelFolder
from convivo.model.find import find_model
from convivo.run.asking import PredictOptions
from convivo.run.config import TrainConfig
from convivo.run.restore import Restorer
from convivo.run.train import train
from convivo.types import AnyArray, Image, Map, Restorable

SIGMA, RANGE = 25.0, 255.0
SCORED = 40  # the last images, which train nothing
MINUTES = 190 / 60


@dataclass(frozen=True, slots=True)
class Bar:
    """What is asked of a row, and what is hoped for, in dB."""

    least: float
    aim: float


QUICK = Bar(26.0, 26.5)  # for what is trained in the default minutes
REFERENCE = 24.99  # dB, above which the recipe's model must be by so much
RECIPE = Bar(REFERENCE + 1.9, REFERENCE + 2.4)


@dataclass(frozen=True, slots=True)
class Photograph:
    """An image as it is and as it is shown, (Y, X)."""

    name: str
    clean: Map
    noisy: Map


def main() -> None:
    asked = arguments()
    data = photographs(asked.data)
    learn, unseen = data[:-SCORED], data[-SCORED:]
    if not learn:
        raise SystemExit(
            f"{asked.data} holds {len(data)} images: {SCORED} are scored, and none is left to train"
        )
    if asked.noisy:
        write_noisy(asked.noisy, learn, unseen)
        print(f"{asked.noisy}: {len(learn)} noisy images to train, {len(unseen)} for validation")
        return
    if asked.model:
        model, bar = Model.load(find_model(asked.model)), RECIPE
    else:
        print(f"{hardware()}\n")
        model, bar = trained(learn, unseen, asked), QUICK
    peer = peer_row(learn, unseen, asked) if asked.peer_minutes else None
    print(
        f"\n{f'PSNR of {len(unseen)} images, dB':44}{'mean ± sd':>16}{'with --tta':>16}{'bar':>8}{'aim':>8}"
    )
    print_row("noisy", scores(unseen, lambda each: each.noisy))
    print_model(model, unseen, bar)
    if peer:
        print_row(*peer)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="to train convivo")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="keep the trained model there")
    parser.add_argument("--model", help="score this model (a folder or a name) instead of training one")
    parser.add_argument("--noisy", type=Path, metavar="OUT", help="write the noisy images, and stop")
    parser.add_argument("--peer-minutes", type=float, help="train CAREamics too, so long")
    add_peer(parser, "careamics")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def photographs(folder: Path) -> list[Photograph]:
    """The images in the order of their names, each with its noise."""
    found = []
    for number, path in enumerate(sorted(find_images([folder]), key=lambda path: path.name)):
        clean = read(path).array[0].astype(np.float32)
        noise = np.random.default_rng(number).normal(0, SIGMA, clean.shape)
        found.append(Photograph(path.stem, clean, (clean + noise).astype(np.float32)))
    return found


def write_noisy(out: Path, learn: Sequence[Photograph], unseen: Sequence[Photograph]) -> None:
    """The noisy images as float32 TIFF, and on which side of the split each stands."""
    output_folder(out)
    for each in [*learn, *unseen]:
        write_image(out / f"{each.name}.tif", each.noisy)
    sides = parts(learn, unseen)
    write_table(
        out / GROUPS, ("image", "group", "part"), ((name, name, part) for name, part in sides.items())
    )


def parts(learn: Sequence[Photograph], unseen: Sequence[Photograph]) -> dict[str, str]:
    return {each.name: "train" for each in learn} | {each.name: "validation" for each in unseen}


def trained(learn: Sequence[Photograph], unseen: Sequence[Photograph], asked: argparse.Namespace) -> Model:
    """Train with the defaults of convivo for so many minutes, on the noisy images alone."""
    store = ModelFolder(asked.out) if asked.out else None
    if store:
        store.refuse_existing()
    data = [Restorable(shown(each), None, each.name) for each in [*learn, *unseen]]
    model = Model.new("n2v", data, name=asked.out.name if store else "n2v", seed=asked.seed)
    config = TrainConfig(minutes=asked.minutes, seed=asked.seed)
    for step in train(model, data, config, store=store, parts=parts(learn, unseen)):
        for note in step.notes:
            print(f"note: {note}")
        if step.validation is not None:
            print(
                f"{step.seconds:5.0f} s  step {step.number:6d}  loss {step.loss:.3f}"
                f"  validation {step.validation:.2f} dB",
                flush=True,
            )
    return model


def print_model(model: Model, unseen: Sequence[Photograph], bar: Bar) -> None:
    """The row of a model of convivo's."""
    plain, turned = (restored_by(Restorer(model, PredictOptions(tta=tta))) for tta in (False, True))
    training = model.card.training
    how = f", {training.steps} steps in {training.minutes:.1f} min" if training else ""
    print_row(f"convivo{how}", scores(unseen, plain), scores(unseen, turned), bar)


def restored_by(restorer: Restorer) -> Callable[[Photograph], AnyArray]:
    return lambda each: restorer.restore(shown(each)).image.array[0]


def peer_row(
    learn: Sequence[Photograph], unseen: Sequence[Photograph], asked: argparse.Namespace
) -> tuple[str, AnyArray]:
    """Name and scores of CAREamics, which has no test-time augmentation."""
    with peer_of("careamics", asked.peer) as peer:
        answer = peer.prepare(
            "learned",
            train=[each.noisy for each in learn],
            shown=[each.noisy for each in unseen],
            minutes=asked.peer_minutes,
            seed=asked.seed,
        )
    restored = {each.name: pixels for each, pixels in zip(unseen, answer["restored"], strict=True)}
    how = f"{answer['steps']} steps in {answer['seconds'] / 60:.1f} min"
    return f"careamics, {how}", scores(unseen, lambda each: restored[each.name])


def shown(each: Photograph) -> Image:
    return Image(each.noisy[None], name=each.name)


def scores(data: Sequence[Photograph], answer: Callable[[Photograph], AnyArray]) -> AnyArray:
    """PSNR of what is answered for each image, in dB, neither rounded nor clipped."""
    errors = [np.square(answer(each) - each.clean, dtype=np.float64).mean() for each in data]
    return np.asarray(10 * np.log10(RANGE**2 / np.array(errors)))


def print_row(name: str, plain: AnyArray, turned: AnyArray | None = None, bar: Bar | None = None) -> None:
    both = [f"{each.mean():.2f} ± {each.std():.2f}" if each is not None else "" for each in (plain, turned)]
    met = f"{bar.least:8.2f}{bar.aim:8.2f}  {verdict(plain.mean() >= bar.least)}" if bar else ""
    print(f"{name:44}{both[0]:>16}{both[1]:>16}{met}", flush=True)


if __name__ == "__main__":
    main()
