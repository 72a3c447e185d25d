"""A model's card: what it is, how it was made, how well it did, and what it was trained on. Plain JSON."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from convivo.errors import BadModel, ConvivoError
from convivo.methods import METHODS, Restoration
from convivo.nets.restoration import RestorationSize
from convivo.nets.stardist import StarDistSize
from convivo.nets.unet import UNetSize
from convivo.ops.fingerprint import Fingerprint
from convivo.ops.normalisation import Normalisation
from convivo.types import PixelSize
from convivo.version import __version__

NUMBERS = re.compile(rb"(?<=\[)\n[\s\d.,eE+-]*(?=\])")  # a string has no line break
# a quote inside a string has a backslash before it, so no string holds either
FINEST_SKIP = {
    re.compile(rb'"finest_skip":\s*true'): b'"cut": []',
    re.compile(rb'"finest_skip":\s*false'): b'"cut": [0]',
}
FORMAT = 3  # raised when an older convivo could no longer read what a newer one writes


class PartScore(msgspec.Struct, frozen=True, kw_only=True):
    """How good a model is on one part of the data: its objects, or its restored images."""

    images: int
    objects: int = 0
    accuracy: dict[str, float] = msgspec.field(
        default_factory=dict
    )  # by IoU threshold, pooled over the images
    interval: tuple[float, float] | None = None  # 95 %, at IoU 0.5, a bootstrap over the images
    # of restored images, by name, means over the images: psnr in dB, ssim, nrmse; of those that choose: scaled_db, how
    # near the answer comes on the scale that the net is shown, or hidden_db, the same of noisy pixels that were hidden
    restoration: dict[str, float] = msgspec.field(default_factory=dict)


class Scores(msgspec.Struct, frozen=True, kw_only=True):
    """`selection` chose the checkpoint and the settings, so it is optimistic; `test` chose nothing.

    `training` is of some of the images that trained, as they are: far above `selection`, the net knows them by heart.
    """

    selection: PartScore | None = None
    test: PartScore | None = None
    training: PartScore | None = None


class Training(msgspec.Struct, frozen=True, kw_only=True):
    """How the weights came about."""

    seed: int
    steps: int  # done
    best_step: int  # whose weights these are
    minutes: float
    images: tuple[str, ...]  # names, never paths
    selection_images: tuple[str, ...]
    config: dict[str, Any]
    commit: str | None = None  # of the code that trained it, where it ran from a checkout


class TargetScale(msgspec.Struct, frozen=True, kw_only=True):
    """A target is gain x image + offset, apart from noise: what leads from the units of the images to the targets'."""

    gain: tuple[float, ...]  # one a channel of the target
    offset: tuple[float, ...]
    channels: tuple[int, ...] = ()  # of the image, whose line each is; empty: that of its number, or the last
    dtype: str | None = None  # that holds what targets hold, where the type of the images does not


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a model but its weights."""

    name: str
    method: str
    net: UNetSize | StarDistSize | RestorationSize
    axes: str = "YX"
    normalisation: Normalisation = Normalisation()
    target_scale: TargetScale | None = None  # of a restored image; None: the units are those of the image
    settings: dict[str, int | float | str] = msgspec.field(default_factory=dict)
    pixel_size: PixelSize | None = None
    scores: Scores = Scores()
    training: Training | None = None
    fingerprint: Fingerprint | None = None
    started_from: str | None = None  # name of the model that was fine-tuned
    about: str | None = None  # what one should know before one uses it
    licence: str | None = None
    citations: tuple[str, ...] = ()
    convivo: str = __version__
    format: int = FORMAT


class _Format(msgspec.Struct):
    """The one field that every version writes in the same way."""

    format: int = FORMAT


def card_to_json(card: Card) -> bytes:
    """Readable JSON, which can be read back: JSON knows no infinity and no NaN."""
    text = msgspec.json.encode(card)
    try:
        msgspec.json.decode(text, type=Card)
    except msgspec.ValidationError as error:
        raise BadModel(
            f"the card of model {card.name!r} holds a number that is not finite: {error}",
            fix="train anew, with a lower --rate",
        ) from error
    # numbers that belong together on one line: 10,000 lines of a covariance are no reading
    return NUMBERS.sub(lambda found: b" ".join(found.group().split()), msgspec.json.format(text, indent=2))


def card_from_json(text: bytes, name: str) -> Card:
    """The card in a JSON text; `name` is the model's, for the error."""
    try:
        number = msgspec.json.decode(text, type=_Format).format
        if number <= FORMAT:
            return _with_names_of_today(msgspec.json.decode(_without_costs(with_cuts(text)), type=Card))
    except (msgspec.MsgspecError, ConvivoError) as error:
        raise BadModel(
            f"the card of model {name!r} cannot be read: {error}",
            fix="copy the model folder again, or train anew",
        ) from error
    raise BadModel(
        f"model {name!r} has format {number}, this convivo reads up to {FORMAT}", fix="update convivo"
    )


def with_cuts(text: bytes) -> bytes:
    """Once a net said whether its finest skip is there, up to format 2; today it says which skips are cut."""
    for said, today in FINEST_SKIP.items():
        text = said.sub(today, text)
    return text


def _without_costs(text: bytes) -> bytes:
    """Once a fingerprint held what deviations cost. Without, the model does not know itself: `convivo fingerprint`."""
    if b'"costs"' not in text:
        return text
    card = msgspec.json.decode(text)
    seen = card.get("fingerprint") or {}
    if "costs" in (seen.get("quick") or {}):
        for name in ("traits", "quick", "thorough"):
            seen.pop(name, None)
    return msgspec.json.encode(card)


def _with_names_of_today(card: Card) -> Card:
    """Once what chooses was called psnr too, as if it were that of restored images."""
    part, method = card.scores.selection, METHODS.get(card.method)
    if part is None or "psnr" not in part.restoration or not isinstance(method, Restoration):
        return card
    named = msgspec.structs.replace(part, restoration={method.selection_score: part.restoration["psnr"]})
    return msgspec.structs.replace(card, scores=msgspec.structs.replace(card.scores, selection=named))
