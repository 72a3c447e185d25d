"""Cases of the checks of training data: simulated fields that somebody spoiled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from panels import Case, Panel, Part, worst_of
from scenes import LARGE, WIDE, beside_truth, field, fields, numbers_of, plain, with_outlines
from scipy import ndimage
from skimage.segmentation import expand_labels

from convivo.doubt import DataCheck, DataSet, Finding
from convivo.doubt.checks import balance, convexity, field_before_training, labels, leak
from convivo.doubt.checks.field_before_training import extents_of
from convivo.ops.scores import match_many
from convivo.ops.simulate import Microscope, Scene, simulate
from convivo.report.pictures import label_colours
from convivo.types import Annotated, Labels

ORDINARY = Scene(shape=WIDE)
PAIR = (slice(None), slice(0, 236))  # two of which fill a panel
SHARP = Microscope(background=0.02, unevenness=0)
FIELDS = 6


def asked(
    check: DataCheck,
    data: Sequence[Annotated],
    *,
    image: str = "",
    method: str = "unet",
    parts: Mapping[str, str] | None = None,
) -> Finding:
    """The worst that a check says, of one image where it is named."""
    found = list(check.ask(DataSet(data=data, method=method, parts=parts or {})))
    return worst_of([each for each in found if each.image == image] or found)


def leak_case() -> Case:
    """The field turned and brighter; the plane of a stack four further up."""
    data = fields(FIELDS, ORDINARY)
    trained = data[0]
    turned = np.rot90(trained.image.array[0], 2).astype(np.float32) ** 0.6
    stack = simulate(Scene(shape=(12, *WIDE), nuclei=30), Microscope(), seed=0)
    planes = [field(stack.image[z], stack.labels[z], f"plane{z}") for z in (4, 8)]
    below, above = (set(np.unique(each.labels[each.labels > 0])) for each in planes)
    return Case(
        Panel(
            [Part(plain(trained.image.array[0])[PAIR], "trains"), Part(plain(turned)[PAIR], "is to choose")],
            "the same field again, turned and of another brightness, under another name",
            asked(leak.CHECK, [*data, field(turned, trained.labels, "dish7")], parts={"dish7": "validation"}),
            "pairs of images on both sides of the split:",
            "all nuclei are known already",
        ),
        Panel(
            [
                Part(plain(each.image.array[0])[PAIR], what)
                for each, what in zip(planes, ("trains", "is to choose"), strict=True)
            ],
            "another plane of one stack, four slices and 8 pixels further up",
            asked(leak.CHECK, [*data, *planes], parts={"plane8": "validation"}),
            "pairs of images on both sides of the split:",
            f"{len(below & above)} of the {len(above)} nuclei are known already",
        ),
    )


def labels_case() -> Case:
    """A mask that was resized as a picture; one that leaves out every second nucleus."""
    data = fields(FIELDS, ORDINARY, seed=1)
    first = data[0]
    half = ndimage.zoom(first.labels.astype(float), 0.5, order=1)
    blended = np.rint(ndimage.zoom(half, 2, order=1)).astype(np.int64)[: WIDE[0], : WIDE[1]]
    left_out = [np.where(each.labels % 2 == 0, each.labels, 0) for each in data]
    pixels = first.image.array[0]
    kept, all_of_them = (sum(map(numbers_of, each)) for each in (left_out, [each.labels for each in data]))
    return Case(
        Panel(
            [Part(label_colours(blended), "the mask: each colour is a number")],
            "the mask was made smaller and larger again as if it were a picture",
            asked(labels.CHECK, [replace(first, labels=blended), *data[1:]], image=first.name),
            "numbers that are thin lines or crumbs:",
            "around each nucleus run lines with the numbers of others",
            unit="%",
        ),
        Panel(
            [
                Part(
                    beside_truth(pixels, left_out[0], first.labels),
                    "white: annotated; hatched: not annotated",
                )
            ],
            "every second nucleus was not annotated",
            asked(
                labels.CHECK, [replace(each, labels=few) for each, few in zip(data, left_out, strict=True)]
            ),
            "the masks fit their images, each object in one piece",
            f"{kept} of {all_of_them} nuclei have a number; the others teach the net to overlook them",
        ),
    )


def pairing_case() -> Case:
    """The mask of another image; outlines that lie too far out all around."""
    data = fields(FIELDS, ORDINARY, seed=2)
    first, second = data[:2]
    wide = expand_labels(first.labels, 3)
    pixels = first.image.array[0]
    swapped = asked(labels.CHECK, [replace(first, labels=second.labels), *data[1:]], image=first.name)
    iou = match_many(first.labels, wide, (0.1,))[0].mean_matched_iou
    return Case(
        Panel(
            [Part(with_outlines(pixels, second.labels), "orange: the mask that came with it")],
            "the mask belongs to another image",
            swapped,
            "agreement of outlines and edges:",
            swapped.evidence.rpartition(", and ")[2] + ": there is where it belongs",
        ),
        Panel(
            [Part(beside_truth(pixels, wide, first.labels), "orange: the mask; blue: the truth")],
            "every outline was drawn 3 pixels too far out",
            asked(labels.CHECK, [replace(first, labels=wide), *data[1:]]),
            "the masks fit their images",
            f"nuclei as annotated and as they are have a mean IoU of {iou:.2f}",
        ),
    )


def balance_case() -> Case:
    """Specks in large empty fields; a few micronuclei among nuclei."""
    specks = fields(FIELDS, Scene(shape=LARGE, nuclei=5, diameter=8, crowding=0), SHARP, seed=3)
    data = fields(8, Scene(shape=WIDE, nuclei=22), seed=4)
    data[0] = with_micronuclei(data[0], 3)
    objects = sum(numbers_of(each.labels) for each in data)
    return Case(
        Panel(
            [Part(with_outlines(specks[0].image.array[0], specks[0].labels))],
            "a few small objects in each of large fields",
            asked(balance.CHECK, specks),
            "share of the pixels that are objects:",
            "a net that finds nothing is right nearly everywhere, and learns that",
            unit="%",
        ),
        Panel(
            [Part(with_outlines(data[0].image.array[0], data[0].labels))],
            "three micronuclei, in one of 8 images; all other objects are nuclei",
            asked(balance.CHECK, data),
            "nothing is rare among the images",
            f"3 of {objects} objects are micronuclei, and nothing says so",
        ),
    )


def with_micronuclei(each: Annotated, count: int) -> Annotated:
    """Small discs as bright as nuclei, each beside one."""
    rng = np.random.default_rng(0)
    pixels, marked = each.image.array[0].astype(np.float32), each.labels.astype(np.int64)
    bright = float(np.median(pixels[marked > 0]))
    rows, columns = np.indices(marked.shape)
    for _ in range(count):
        room = ndimage.distance_transform_edt(marked == 0)
        inside = ndimage.binary_erosion(np.ones_like(marked), iterations=12)
        y, x = rng.choice(np.argwhere((room > 6) & (room < 8) & inside))
        disc = np.hypot(rows - y, columns - x) < 3.5
        marked[disc] = marked.max() + 1
        light = ndimage.gaussian_filter(disc.astype(np.float32), 1)
        pixels += light * (bright - float(pixels.min()))
    return field(pixels, marked, each.name)


def field_case() -> Case:
    """Cells wider than the net sees; a few of them among many nuclei."""
    wide = Scene(shape=LARGE, nuclei=5, diameter=125, crowding=0)
    nuclei = fields(FIELDS, Scene(shape=LARGE, nuclei=36, crowding=0), seed=6)
    giants = [each for each in fields(9, replace(wide, nuclei=1), seed=9) if is_whole(each.labels)][:3]
    mixed = [*map(together, nuclei, giants), *nuclei[len(giants) :]]
    fine = asked(field_before_training.CHECK, mixed)
    assert fine.expected is not None
    lengths = np.concatenate([extents_of(each).max(axis=1) for each in mixed])
    hidden = int((lengths > fine.expected[1]).sum())
    cells = fields(FIELDS, wide, seed=5)
    return Case(
        Panel(
            [Part(with_outlines(cells[0].image.array[0], cells[0].labels))],
            "cells as wide as this are to be learned with the default net",
            asked(field_before_training.CHECK, cells),
            "large objects are long, in pixels:",
            "from the middle of such a cell the net does not see its ends",
        ),
        Panel(
            [Part(with_outlines(mixed[0].image.array[0], mixed[0].labels))],
            "a few giants among nuclei of ordinary size",
            fine,
            "large objects are long, in pixels:",
            f"{hidden} of {len(lengths)} objects are longer than the net sees; they are too few to count",
        ),
    )


def is_whole(marked: Labels) -> bool:
    """Whether nothing reaches the edge of the image."""
    return not any(side.any() for side in (marked[0], marked[-1], marked[:, 0], marked[:, -1]))


def together(nuclei: Annotated, giant: Annotated) -> Annotated:
    """One field of both: nuclei that do not touch the giant, and the giant."""
    taken = np.unique(nuclei.labels[ndimage.binary_dilation(giant.labels > 0, iterations=4)])
    kept = np.where(np.isin(nuclei.labels, taken), 0, nuclei.labels).astype(np.int64)
    dark = float(np.median(nuclei.image.array))
    spared = ndimage.binary_dilation(np.isin(nuclei.labels, taken[taken > 0]), iterations=4)
    pixels = np.where(spared, dark, nuclei.image.array[0])
    pixels = np.where(giant.labels > 0, giant.image.array[0], pixels).astype(np.float32)
    return field(pixels, np.where(giant.labels > 0, kept.max() + 1, kept), nuclei.name)


def convexity_case() -> Case:
    """Horseshoes; nuclei that were cut in two by mistake."""
    bent = horseshoes()
    data = fields(FIELDS, ORDINARY, seed=8)
    cut = [replace(each, labels=in_two(each.labels)) for each in data]
    before, after = (sum(numbers_of(each.labels) for each in some) for some in (data, cut))
    return Case(
        Panel(
            [Part(with_outlines(bent.image.array[0], bent.labels))],
            "bent cells are to be learned with StarDist",
            asked(convexity.CHECK, [bent], method="stardist"),
            "objects that no star describes at an IoU of 0.7:",
            "whatever a net learns, these are found wrong",
            unit="%",
        ),
        Panel(
            [Part(with_outlines(cut[0].image.array[0], cut[0].labels))],
            "every nucleus was cut in two by mistake",
            asked(convexity.CHECK, cut, method="stardist"),
            "objects that no star describes at an IoU of 0.7:",
            f"{before} nuclei were annotated as {after} objects, each of them a good star",
            unit="%",
        ),
    )


def in_two(marked: Labels) -> Labels:
    """Each object cut across its middle."""
    columns = np.indices(marked.shape)[1]
    numbers = np.arange(int(marked.max()) + 1)
    middles = np.nan_to_num(ndimage.mean(columns, marked, numbers))
    right = columns > middles[marked]
    return np.where(marked > 0, 2 * marked.astype(np.int64) + right, 0)


def horseshoes() -> Annotated:
    """Bent cells, as light microscopes see them."""
    rng = np.random.default_rng(0)
    rows, columns = np.indices(WIDE)
    marked = np.zeros(WIDE, np.int64)
    for number, (y, x) in enumerate([(y, x) for y in (46, 130) for x in (42, 120, 198)], 1):
        distance, angle = np.hypot(rows - y, columns - x), np.arctan2(rows - y, columns - x)
        opening = np.abs(np.angle(np.exp(1j * (angle - rng.uniform(0, 2 * np.pi))))) < 0.75
        marked[(distance > 20) & (distance < 33) & ~opening] = number
    light = ndimage.gaussian_filter((marked > 0).astype(float), 1.4)
    return field(rng.poisson(40 + 300 * light).astype(np.float32), marked, "bent")
