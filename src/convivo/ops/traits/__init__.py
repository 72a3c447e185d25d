"""Traits: what an image and its answer look like, each one number that needs no truth.

A fingerprint keeps how they are distributed over the images that a model learned from and was chosen with; a new image
is held against that.
"""

from convivo.ops.traits.of_features import feature_traits, usual_features
from convivo.ops.traits.of_objects import object_traits
from convivo.ops.traits.of_pixels import pixel_traits

__all__ = ["feature_traits", "object_traits", "pixel_traits", "usual_features"]
