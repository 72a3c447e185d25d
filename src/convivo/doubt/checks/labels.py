"""Are the masks label images of these images? Grey edges, fragments, classes for objects, empty ones, wrong pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from convivo.doubt.check import Check, DataCheck, DataSet
from convivo.doubt.checks.pairing import misfits
from convivo.doubt.finding import NOTE, STOP, WARN, Finding, Level, level_of
from convivo.ops.label_faults import LabelFaults, dented, label_faults
from convivo.run.intake import looks_like_labels
from convivo.types import Annotated

ID = "labels"
THIN = 0.15  # share of objects; annotated by hand 0.11 at most, resized as a picture 0.97
SCATTERED = 0.3  # by hand 0.05, resized as a picture 0.9
TWINS = 0.5  # by hand 0, classes 1; one half is between
IN_PARTS = 0.25  # share of objects; cells that cross others 0.18
EMPTY, MOSTLY_EMPTY = 0.2, 0.5  # share of masks
FEWEST = 50  # objects that tell whether any touch
DENTS = 0.1  # share of objects; nuclei by hand 0.03 to 0.06, merged where they touch 0.11 to 0.15
LARGEST_ID = 65535  # what a 16-bit mask can hold
LOOKED_AT = 50  # images whose outlines are looked at for dents
NAMED = 5


def ask(data: DataSet) -> Iterator[Finding]:
    """What is wrong with each pair, and with all of them together."""
    found = [*_label_images(data), *_of_masks([each for each in data.data if isinstance(each, Annotated)])]
    yield from found
    if not found:
        masks = sum(isinstance(each, Annotated) for each in data.data)
        words = (
            f"{masks} masks fit their images, each object in one piece"
            if masks
            else "no image is a label image"
        )
        yield Finding(image="", id=ID, level=level_of(0), evidence=words)


def _label_images(data: DataSet) -> Iterator[Finding]:
    for each in data.data:
        if each.image.array.size and looks_like_labels(each.image.array):
            yield Finding(
                image=each.name,
                id=ID,
                level=level_of(STOP),
                evidence="the image looks like a label image: whole numbers from 1 on, each flat and in one piece",
                advice="put the microscope image into images/ and the label image into masks/",
                doubt=STOP,
            )


def _of_masks(data: Sequence[Annotated]) -> Iterator[Finding]:
    if not data:
        return
    unfit = [_unfit(each) for each in data]
    yield from filter(None, unfit)
    data = [each for each, finding in zip(data, unfit, strict=True) if finding is None]
    faults = [label_faults(each.labels) for each in data]
    spoiled: set[str] = set()
    for each, fault in zip(data, faults, strict=True):
        finding = of_mask(each.name, fault)
        if finding:
            spoiled |= {each.name} if finding.level is Level.stop else set()
            yield finding
    yield from _empty(
        [each.name for each, fault in zip(data, faults, strict=True) if not fault.objects], len(data)
    )
    whole = [each for each in data if each.name not in spoiled]
    yield from _merged(
        whole, [fault for each, fault in zip(data, faults, strict=True) if each.name not in spoiled]
    )
    yield from misfits(whole)


def _unfit(each: Annotated) -> Finding | None:
    """Masks from Python come here unread."""
    wanted = tuple(
        length for axis, length in zip(each.image.axes, each.image.array.shape, strict=True) if axis != "C"
    )
    if each.labels.dtype.kind in "iu" and each.labels.shape == wanted:
        return None
    return Finding(
        image=each.name,
        id=ID,
        level=level_of(STOP),
        evidence=f"the mask is {each.labels.dtype} of shape {each.labels.shape}, its image has shape {wanted}",
        advice="give whole numbers on the image's own pixel grid",
        doubt=STOP,
    )


def of_mask(name: str, fault: LabelFaults) -> Finding | None:
    """The gravest fault of one mask."""
    parts = len(fault.in_parts) / max(1, fault.objects)
    if fault.twins > TWINS and fault.thin <= THIN:
        return _finding(
            name,
            (fault.twins, TWINS),
            f"{fault.twins:.0%} of its {fault.objects} numbers stand for several objects: classes, not objects",
            "number the connected parts (skimage.measure.label), or annotate each object with a number of its own",
            STOP,
        )
    if fault.thin > THIN or fault.scattered > SCATTERED:
        share, limit = max((fault.thin, THIN), (fault.scattered, SCATTERED))
        return _finding(
            name,
            (share, limit),
            f"{share:.0%} of its {fault.objects} numbers are thin lines or crumbs: it was resized, turned or "
            "compressed as if it were a picture",
            "export it again; resize with nearest neighbour (order 0) and save as TIFF or PNG, never as JPEG",
            STOP,
        )
    if len(fault.in_parts):
        ids = ", ".join(map(str, fault.in_parts[:NAMED])) + (", ..." if len(fault.in_parts) > NAMED else "")
        return _finding(
            name,
            (parts, IN_PARTS),
            f"{len(fault.in_parts)} of its {fault.objects} objects lie in several places: numbers {ids}",
            "give each part a number of its own, or erase crumbs that a brush left",
            WARN if parts > IN_PARTS else NOTE,
        )
    if fault.largest_id > LARGEST_ID:
        return _finding(
            name,
            (fault.largest_id, LARGEST_ID),
            f"its numbers go up to {fault.largest_id:,} for {fault.objects} objects",
            "number them anew with skimage.segmentation.relabel_sequential, so that every program can read them",
            NOTE,
        )
    return None


def _empty(names: Sequence[str], count: int) -> Iterator[Finding]:
    share = len(names) / max(1, count)
    if share < EMPTY:
        return
    doubt = STOP if len(names) == count else (WARN if share > MOSTLY_EMPTY else NOTE)
    some = ", ".join(names[:NAMED]) + (", ..." if len(names) > NAMED else "")
    yield _finding(
        "",
        (share, EMPTY),
        f"{len(names)} of {count} masks hold no object: {some}",
        "look whether those images show none; what is not annotated teaches the net to overlook it",
        doubt,
    )


def _merged(data: Sequence[Annotated], faults: Sequence[LabelFaults]) -> Iterator[Finding]:
    """Masks made by a threshold: nothing touches anything, and much has dents."""
    objects = sum(fault.objects for fault in faults)
    if objects < FEWEST or any(fault.touches for fault in faults):
        return
    looked = [dented(each.labels) for each in data[:: -(-len(data) // LOOKED_AT)]]
    bad, total = (sum(numbers) for numbers in zip(*looked, strict=True))
    if total and bad / total > DENTS:
        yield _finding(
            "",
            (bad / total, DENTS),
            f"none of {objects:,} objects touches another, and {bad / total:.0%} of their outlines have dents: "
            "touching objects may have one number",
            "if these are cells that touch, give each a number of its own; what the masks join the net will join",
            NOTE,
        )


def _finding(image: str, measured: tuple[float, float], evidence: str, advice: str, doubt: float) -> Finding:
    share, limit = measured
    whose = "the mask: " if image else ""
    return Finding.of(image, ID, round(float(share), 4), (0.0, limit), whose + evidence, advice, doubt)


CHECK: DataCheck = Check("labels", "Are the masks label images of these images?", ask)
