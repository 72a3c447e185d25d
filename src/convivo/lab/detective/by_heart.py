"""Learned by heart: a net that was trained long on a single image, shown other days of the same laboratory."""

from __future__ import annotations

from functools import cache

import numpy as np

from convivo.lab.detective.asking import accuracy, found, picture, share
from convivo.lab.detective.lessons import MET, varied_field
from convivo.lab.detective.nets import net_named
from convivo.lab.detective.values import Answer, Case, Curve, Line, Number, Picture, Proof
from convivo.model import ModelFolder
from convivo.ops.simulate import Simulated

NET, CONTROL = "by-heart", "by-heart-control"
SEED = 209
NEW = range(200, 208)  # seeds of further fields that neither net has met

field = cache(varied_field)


def new() -> Simulated:
    """The image of the case."""
    return field(SEED)


def image() -> Picture:
    """Nuclei of another day."""
    return picture("nuclei", new().image, "Fluorescent nuclei.", truth=new().labels)


def answer() -> Answer:
    """Much is missed, and much is found that is not there."""
    labels = found(NET, new().image)
    return Answer(
        picture("answer", new().image, "What the net found.", found=labels, truth=new().labels),
        (
            share("accuracy", "accuracy at IoU 0.5", accuracy(new().labels, labels)),
            Number("found", "objects in the answer", int(labels.max())),
            Number("true", "nuclei in the image", int(new().labels.max())),
        ),
        "Nuclei are missed, and there are objects where there is none.",
    )


def proof() -> Proof:
    """Perfect on the image that trained, poor on new ones, and the worse the longer it was trained."""
    met = field(MET)
    labels, others = found(NET, met.image), found(CONTROL, new().image)
    curve = losses()
    unseen = curve.lines[1]
    return Proof(
        pictures=(
            picture(
                "the training",
                met.image,
                "The image that trained it: no fault.",
                found=labels,
                truth=met.labels,
            ),
            picture(
                "more images",
                new().image,
                "The same training with 24 images.",
                found=others,
                truth=new().labels,
            ),
        ),
        numbers=(
            share("training", "accuracy on the image that trained", accuracy(met.labels, labels)),
            share("new", f"mean accuracy on {len(NEW)} new images", on_new(NET)),
            share("control", "the same of the net trained on 24 images", on_new(CONTROL)),
            Number("least", "lowest loss on unseen images", min(unseen.y)),
            Number("last", "loss on unseen images at the end", unseen.y[-1]),
        ),
        sentences=(
            "The image that trained the net is answered without a fault.",
            "While the loss on that image fell, the loss on images that it never met rose.",
            "The same net, trained as long on 24 images, answers new ones far better.",
        ),
        conclusion="It learned one image by heart. Annotate more images, vary them in training, and stop where "
        "the loss on unseen images is lowest.",
        curves=(curve,),
    )


def on_new(net: str) -> float:
    """Mean accuracy on new images."""
    return float(np.mean([accuracy(field(seed).labels, found(net, field(seed).image)) for seed in NEW]))


def losses() -> Curve:
    """Loss on the image that trained, and on images that did not, step by step."""
    rows = [row for row in ModelFolder(net_named(NET).folder).curve() if row.validation_loss is not None]
    steps = tuple(float(row.step) for row in rows)
    return Curve(
        "loss",
        "steps",
        "loss",
        (
            Line("on the image that trains", steps, tuple(row.loss for row in rows)),
            Line("on unseen images", steps, tuple(float(row.validation_loss or 0) for row in rows)),
        ),
    )


CASE = Case(
    key="other-day",
    title="Worse than in the paper",
    story="I annotated one image with great care and trained until the loss was nearly zero. This is an image of "
    "another day.",
    cause="overfit",
    image=image,
    answer=answer,
    proof=proof,
)
