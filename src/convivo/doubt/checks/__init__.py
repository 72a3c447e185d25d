"""The checks, written out: nothing registers itself. Of an image, of a model, and of training data."""

from convivo.doubt.check import DataCheck, ImageCheck, ModelCheck
from convivo.doubt.checks import balance, field_before_training, labels, leak

OF_IMAGES: tuple[ImageCheck, ...] = ()
OF_MODELS: tuple[ModelCheck, ...] = ()
OF_DATA: tuple[DataCheck, ...] = (
    leak.CHECK,
    labels.CHECK,
    balance.CHECK,
    field_before_training.CHECK,
)
