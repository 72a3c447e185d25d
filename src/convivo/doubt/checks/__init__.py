"""The checks, written out: nothing registers itself. Of an image, of a model, and of training data."""

from convivo.doubt.check import DataCheck, ImageCheck, ModelCheck
from convivo.doubt.checks import invention, noise, overfit, renoising

OF_IMAGES: tuple[ImageCheck, ...] = (noise.CHECK, invention.CHECK, renoising.CHECK)
OF_MODELS: tuple[ModelCheck, ...] = (overfit.CHECK,)
OF_DATA: tuple[DataCheck, ...] = (noise.CHECK_OF_DATA,)
