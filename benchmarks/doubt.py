"""Does doubt find the images on which a model fails, and leave the others alone? Measured against the truth.

    python benchmarks/doubt.py DATA --out FOLDER [--model nuclei] [--quick]

DATA holds bbbc039, dsb2018, usiigaci_phase, isbi2012_em, bsd_grey and qcanet_embryo3d. What is usual and what images
like it score is learned as `convivo fingerprint` learns it: from training images, and from altered copies of half of
the validation fields of DSB2018 (whole tile groups) and of some training fields of BBBC039. Tried on images that had no
part in it: the other validation images of DSB2018, BBBC039's validation fields, altered copies of both, simulated
fields, and images of other kinds. Two tables: as the model is shipped, knowing all alterations; and every copy altered
in one way judged by a model that knows nothing of this way, which is how failures look of which nobody has thought.

An image is a failure where its accuracy at IoU 0.5 is below half of the model's on validation, good where it is within
10 % of that. Where there is nothing and nothing was found there is nothing to be right about. What was tried is kept in
FOLDER, so that a second run goes on.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
from peers import hardware, verdict
from scipy.stats import spearmanr
from skimage.measure import label

from convivo.doubt.checks import kind, light, scale
from convivo.io.images import read, read_labels
from convivo.model import Model, find_model
from convivo.ops.alterations import ALTERATIONS, AND
from convivo.ops.deviations import deviations
from convivo.ops.expectation import Expectation
from convivo.ops.fingerprint import Fingerprint
from convivo.ops.simulate import Microscope, Scene, simulate_many
from convivo.ops.traits import feature_traits
from convivo.run.acquaintance import described, with_trials
from convivo.run.stress import UNALTERED, Trial, trials
from convivo.types import Annotated, AnyArray, Image, Labels

CAUGHT, FALSE, RANKED = 0.95, 0.05, 0.7  # bars
CHECKS = {"scale": scale.SIDES, "light": light.SIDES, "kind": kind.SIDES}
FAILS, GOOD = 0.5, 0.9  # of the accuracy on validation


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--model", default="nuclei")
    parser.add_argument("--quick", action="store_true", help="only what predict measures by itself")
    asked = parser.parse_args()
    model = Model.load(find_model(asked.model))
    asked.out.mkdir(parents=True, exist_ok=True)
    print(hardware())

    def tried(part: str, images: Callable[[Path], Iterator[Annotated]], kinds: Sequence[str]) -> list[Trial]:
        return kept(
            asked.out / f"{asked.model}-{part}.json", lambda: trials(model, list(images(asked.data)), kinds)
        )

    every = tuple(ALTERATIONS)
    usual = tried("usual", usual_images, ())
    hard = tried("hard", hard_images, every)
    test = [*tried("test", test_images, every)]
    for foreign, images in FOREIGN.items():
        test += [replace(each, kind=foreign) for each in tried(foreign, images, ())]
    seen = described(model, [])
    report("all alterations known", seen, usual, hard, test, quick=asked.quick, strange=False)
    report("its own alteration unknown", seen, usual, hard, test, quick=asked.quick, strange=True)


def kept(path: Path, work: Callable[[], Iterator[Trial]]) -> list[Trial]:
    """What the file holds, or what the work yields."""
    if not path.exists():
        path.write_bytes(msgspec.json.encode(list(work())))
    return msgspec.json.decode(path.read_bytes(), type=list[Trial])


def report(
    title: str,
    seen: Fingerprint,
    usual: list[Trial],
    hard: list[Trial],
    test: list[Trial],
    *,
    quick: bool,
    strange: bool,
) -> None:
    """A row for each kind, and the bars."""
    best = float(np.mean([each.accuracy for each in hard if each.kind == UNALTERED]))
    test = [each for each in test if not strange or AND not in each.kind]
    doubts = np.array(
        [doubt(without(seen, usual, hard, each.kind if strange else ""), each, quick=quick) for each in test]
    )
    accuracies = np.array([each.accuracy for each in test])
    kinds = np.array([each.kind for each in test])
    fails, good = accuracies < FAILS * best, accuracies >= GOOD * best
    print(f"\n{title}")
    print(
        f"accuracy on unaltered validation images {best:.3f}; {fails.sum()} failures, {good.sum()} good images"
    )
    print(f"{'':20}{'images':>8}{'accuracy':>10}{'failures':>10}{'caught':>8}{'good':>8}{'alarmed':>9}")
    for part in dict.fromkeys(part for each in kinds for part in each.split(AND)):
        row(part, np.array([part in each.split(AND) for each in kinds]), accuracies, fails, good, doubts >= 1)
    row("all", np.ones(len(test), bool), accuracies, fails, good, doubts >= 1)
    for name, sides in CHECKS.items():
        traits = {side.trait for side in sides}
        parts = np.array(
            [
                doubt_of(
                    traits,
                    without(seen, usual, hard, each.kind if strange else ""),
                    each,
                    quick=quick,
                )
                for each in test
            ]
        )
        print(
            f"{f'by {name} alone':20}{'':28}{(parts[fails] >= 1).mean():8.0%}{'':8}{(parts[good] >= 1).mean():9.0%}"
            f"   rank {spearmanr(parts, 1 - accuracies)[0]:.2f}"
        )
    caught, alarmed = (doubts[fails] >= 1).mean(), (doubts[good] >= 1).mean()
    ranked = spearmanr(doubts, 1 - accuracies)[0]
    real = kinds == UNALTERED
    print(f"  failures caught           {caught:6.1%}   bar {CAUGHT:.0%}   {verdict(caught >= CAUGHT)}")
    print(f"  good images alarmed       {alarmed:6.1%}   bar {FALSE:.0%}    {verdict(alarmed <= FALSE)}")
    print(f"  doubt ranks 1 - accuracy  {ranked:6.2f}   bar {RANKED:g}   {verdict(ranked >= RANKED)}")
    print(f"  the same, unaltered alone {spearmanr(doubts[real], 1 - accuracies[real])[0]:6.2f}")
    print(f"  good unaltered alarmed    {(doubts[real & good] >= 1).mean():6.1%}")


def row(
    kind: str, which: AnyArray, accuracies: AnyArray, fails: AnyArray, good: AnyArray, alarm: AnyArray
) -> None:
    def share(part: AnyArray) -> str:
        return f"{alarm[which & part].mean():.0%}" if (which & part).any() else ""

    print(
        f"{kind:20}{which.sum():8}{accuracies[which].mean():10.2f}{(which & fails).sum():10}{share(fails):>8}"
        f"{(which & good).sum():8}{share(good):>9}"
    )


def doubt(known: Fingerprint, each: Trial, *, quick: bool) -> float:
    """Of an image by such a fingerprint; 1 is a warning."""
    told, found = told_of(known, each, quick=quick)
    return told.doubt(told.lost(found, known.tried))


def doubt_of(traits: set[str], known: Fingerprint, each: Trial, *, quick: bool) -> float:
    """The part of it that one check answers for."""
    told, found = told_of(known, each, quick=quick)
    whole = told.doubt(told.lost(found, known.tried))
    return min(whole, told.doubt(told.share(found, known.tried, traits)))


def told_of(known: Fingerprint, each: Trial, *, quick: bool) -> tuple[Expectation, dict[str, float]]:
    told = known.quick if quick else known.thorough
    assert told is not None
    return told, deviations({**each.traits, **feature_traits(each.features, known.features)}, known.traits)


_without: dict[str, Fingerprint] = {}


def without(seen: Fingerprint, usual: list[Trial], hard: list[Trial], kind: str) -> Fingerprint:
    """The fingerprint as it would be, had nobody thought of this alteration."""
    kind = kind if kind in ALTERATIONS else ""
    if kind not in _without:
        _without[kind] = with_trials(seen, usual, [each for each in hard if kind not in each.kind.split(AND)])
    return _without[kind]


def usual_images(data: Path) -> Iterator[Annotated]:
    """Images that trained the shipped models."""
    yield from fields(data, "train", slice(1, None, 4))
    yield from dsb(data, "fluo", "train", slice(0, None, 2))


def hard_images(data: Path) -> Iterator[Annotated]:
    """Images whose altered copies tell what images like them score."""
    yield from dsb(data, "fluo", "validation", slice(0, None, 2))
    yield from fields(data, "train", slice(0, None, 10))


def test_images(data: Path) -> Iterator[Annotated]:
    """Images that had no part in any limit."""
    yield from dsb(data, "fluo", "validation", slice(1, None, 2))
    yield from fields(data, "validation", slice(None))


def simulated(data: Path) -> Iterator[Annotated]:
    for number, field in enumerate(
        simulate_many(16, Scene(shape=(256, 256), nuclei=30), Microscope(), seed=7)
    ):
        yield annotated(field.image, field.labels, str(number))


def colour(data: Path) -> Iterator[Annotated]:
    for use in ("validation", "train"):
        yield from dsb(data, "colour", use, slice(0, None, 3))


def brightfield(data: Path) -> Iterator[Annotated]:
    for use in ("validation", "train"):
        yield from dsb(data, "brightfield_grey", use, slice(None))


def phase(data: Path) -> Iterator[Annotated]:
    yield from folder(data / "usiigaci_phase", slice(None))


def embryo(data: Path) -> Iterator[Annotated]:
    where = data / "qcanet_embryo3d"
    for path in sorted((where / "images").iterdir()):
        stack = read(path, axes="ZYX").array[0]
        masks = label(read_labels(next((where / "masks").glob(f"{path.stem}.*")), "ZYX") > 0)
        for plane in range(8, len(masks), 6):
            yield annotated(stack[plane], masks[plane], f"{path.stem}-{plane}")


def membranes(data: Path) -> Iterator[Annotated]:
    for each in folder(data / "isbi2012_em", slice(None)):
        yield annotated(each.image.array[0], label(each.labels > 0), each.name)


def photographs(data: Path) -> Iterator[Annotated]:
    for path in sorted((data / "bsd_grey" / "train400").iterdir())[::20]:
        image = read(path)
        yield annotated(image.array[0], np.zeros(image.array.shape[1:], np.int32), path.stem)


FOREIGN: dict[str, Callable[[Path], Iterator[Annotated]]] = {
    "simulated": simulated,
    "colour histology": colour,
    "brightfield": brightfield,
    "phase contrast": phase,
    "embryo, planes": embryo,
    "electron microscopy": membranes,
    "photographs": photographs,
}


def fields(data: Path, part: str, chosen: slice) -> Iterator[Annotated]:
    """Fields of BBBC039."""
    yield from folder(data / "bbbc039" / part, chosen)


def dsb(data: Path, kind: str, use: str, chosen: slice) -> Iterator[Annotated]:
    """Images of DSB2018 by what split.csv says of them; `chosen` counts tile groups, which stay together."""
    groups: dict[str, list[str]] = {}
    with (data / "dsb2018" / "split.csv").open() as table:
        for line in csv.DictReader(table):
            if (line["class"], line["use"]) == (kind, use):
                groups.setdefault(line["tile_group"] or line["image_id"], []).append(line["image_id"])
    for group in sorted(groups)[chosen]:
        for name in sorted(groups[group]):
            yield pair(data / "dsb2018" / kind, name)


def folder(where: Path, chosen: slice) -> Iterator[Annotated]:
    for name in sorted(path.stem for path in (where / "images").iterdir())[chosen]:
        yield pair(where, name)


def pair(where: Path, name: str) -> Annotated:
    image, labels = (next((where / side).glob(f"{name}.*")) for side in ("images", "masks"))
    shown = read(image)
    array = (
        shown.array
        if shown.array.shape[0] == 1
        else shown.array.mean(axis=0, keepdims=True, dtype=np.float32)
    )
    return Annotated(Image(array, shown.axes, name), np.asarray(read_labels(labels), np.int32), name)


def annotated(pixels: AnyArray, labels: Labels, name: str) -> Annotated:
    return Annotated(Image(np.asarray(pixels)[None], name=name), np.asarray(labels, np.int32), name)


if __name__ == "__main__":
    main()
