"""The checks, written out: nothing registers itself. Of an image, of a model, and of training data."""

from convivo.doubt.check import DataCheck, ImageCheck, ModelCheck
from convivo.doubt.checks import field, kind, light, overall, scale, stability, tiles

OF_IMAGES: tuple[ImageCheck, ...] = (
    overall.CHECK,
    scale.CHECK,
    field.CHECK,
    light.CHECK,
    kind.CHECK,
    stability.CHECK,
    tiles.CHECK,
)
OF_MODELS: tuple[ModelCheck, ...] = ()
OF_DATA: tuple[DataCheck, ...] = ()
