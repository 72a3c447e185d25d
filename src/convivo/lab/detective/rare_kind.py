"""A rare kind: nuclei that hold little dye, of which the training showed next to none."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from convivo.lab.detective.asking import SAME, found, picture, share
from convivo.lab.detective.lessons import (
    CROWD,
    DIM,
    FREQUENT,
    HALF,
    RARE,
    WITH_FEW,
    share_of_dim,
)
from convivo.lab.detective.scenes import dim_ones, stained, with_dim_ones
from convivo.lab.detective.values import Answer, Case, Number, Picture, Proof
from convivo.ops.scores import matched_pairs
from convivo.ops.simulate import Microscope, Simulated
from convivo.types import Labels

NET, CONTROL = "rare-kind", "rare-kind-control"
SEED = 701


@cache
def mixed() -> Simulated:
    """The image of the case."""
    return stained(CROWD, Microscope(), with_dim_ones(FREQUENT, DIM), seed=SEED)


def image() -> Picture:
    """Nuclei, some of them dim."""
    return picture("nuclei", mixed().image, "Fluorescent nuclei.", truth=mixed().labels)


def answer() -> Answer:
    """Dim nuclei are missed."""
    labels = found(NET, mixed().image)
    return Answer(
        picture("answer", mixed().image, "What the net found.", found=labels, truth=mixed().labels),
        (
            Number("found", "objects in the answer", int(labels.max())),
            Number("true", "nuclei in the image", int(mixed().labels.max())),
        ),
        "Every nucleus that was found is right, and still some are missing.",
    )


def proof() -> Proof:
    """Recall of each kind beside its share in training; as many dim ones as others cure it."""
    labels, others = found(NET, mixed().image), found(CONTROL, mixed().image)
    dim, bright = recalls(labels)
    control_dim, control_bright = recalls(others)
    rare, frequent = share_of_dim(WITH_FEW, RARE), share_of_dim(WITH_FEW, HALF)
    kinds = dim_ones(CROWD.nuclei, every=FREQUENT)
    alone = np.where(kinds[mixed().labels], mixed().labels, 0)
    return Proof(
        pictures=(
            picture(
                "dim nuclei", mixed().image, "The nuclei that hold little dye.", found=labels, truth=alone
            ),
            picture(
                "balanced",
                mixed().image,
                "A net trained on as many dim nuclei as others.",
                found=others,
                truth=mixed().labels,
            ),
        ),
        numbers=(
            share("rare", "share of dim nuclei in training", rare),
            share("here", "share of dim nuclei in this image", float(kinds[1:].mean())),
            share("dim", "dim nuclei found", dim),
            share("bright", "other nuclei found", bright),
            share("frequent", "share of dim nuclei in the other training", frequent),
            share("control dim", "dim nuclei found after that training", control_dim),
            share("control bright", "other nuclei found after that training", control_bright),
        ),
        sentences=(
            f"All that are missed are of one kind: nuclei {DIM:.0%} as bright as the others.",
            f"In training {rare:.1%} of the nuclei were dim: missing them cost the net nearly nothing.",
            f"The same net, trained on images in which {frequent:.0%} are dim, finds them: they can be seen.",
        ),
        conclusion="The kind was too rare in training. Annotate more of it, and look at recall kind by kind.",
    )


def recalls(labels: Labels) -> tuple[float, float]:
    """Share of the dim and of the other nuclei that were found."""
    kinds = dim_ones(CROWD.nuclei, every=FREQUENT)
    seen: NDArray[np.bool_] = np.zeros(len(kinds), bool)
    for pair in matched_pairs(mixed().labels, labels, SAME):
        seen[pair.truth_id] = True
    return float(seen[kinds].mean()), float(seen[1:][~kinds[1:]].mean())


CASE = Case(
    key="missing",
    title="Some are always missing",
    story="My net finds nearly every nucleus in my test images. In this experiment it counts too few.",
    cause="imbalance",
    image=image,
    answer=answer,
    proof=proof,
)
