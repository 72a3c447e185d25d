"""The methods, written out: a new one is added to this list by hand."""

from convivo.errors import BadInput
from convivo.methods import care, n2v, stardist, unet
from convivo.methods.method import Decoded, Method, Restoration, Restored, Segmentation

METHODS: dict[str, Method] = {
    method.name: method for method in [unet.METHOD, stardist.METHOD, care.METHOD, n2v.METHOD]
}


def method_named(name: str) -> Method:
    """The method of that name."""
    if name not in METHODS:
        raise BadInput(f"there is no method {name!r}", fix=f"use one of: {', '.join(METHODS)}")
    return METHODS[name]


__all__ = ["METHODS", "Decoded", "Method", "Restoration", "Restored", "Segmentation", "method_named"]
