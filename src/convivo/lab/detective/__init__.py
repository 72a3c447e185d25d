"""Detective: nets that were really trained, and really fail. Choose the cause, then see the proof.

Each case shows an image, what its net makes of it, and then measures what happened. Nothing is drawn by hand and no
number is written down: pictures follow from seeds, answers from the nets.
"""

from convivo.lab.detective.cases import CASES, CAUSES
from convivo.lab.detective.values import Answer, Case, Cause, Curve, Line, Number, Picture, Proof, Square

__all__ = [
    "CASES",
    "CAUSES",
    "Answer",
    "Case",
    "Cause",
    "Curve",
    "Line",
    "Number",
    "Picture",
    "Proof",
    "Square",
]
