"""The checks, written out: nothing registers itself. Of an image, of a model, and of training data."""

from convivo.doubt.check import DataCheck, ImageCheck, ModelCheck
from convivo.doubt.checks import (
    balance,
    convexity,
    field,
    field_before_training,
    invention,
    kind,
    labels,
    leak,
    light,
    noise,
    overall,
    overfit,
    renoising,
    scale,
    stability,
    tiles,
)

OF_IMAGES: tuple[ImageCheck, ...] = (
    overall.CHECK,
    scale.CHECK,
    field.CHECK,
    light.CHECK,
    kind.CHECK,
    stability.CHECK,
    tiles.CHECK,
    noise.CHECK,
    invention.CHECK,
    renoising.CHECK,
)
OF_MODELS: tuple[ModelCheck, ...] = (overfit.CHECK,)
OF_DATA: tuple[DataCheck, ...] = (
    leak.CHECK,
    labels.CHECK,
    balance.CHECK,
    field_before_training.CHECK,
    convexity.CHECK,
    noise.CHECK_OF_DATA,
)
