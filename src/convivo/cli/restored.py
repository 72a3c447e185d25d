"""What `convivo predict` does with a model that restores images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convivo.cli.console import conclude, debugging, in_words, remark, say, watched
from convivo.cli.doubting import Doubts

if TYPE_CHECKING:
    import numpy as np

    from convivo.errors import ConvivoError
    from convivo.run.restore import Restorer
    from convivo.types import Restoration


def restore_files(
    restorer: Restorer, paths: Sequence[Path], out: Path, axes: str | None, channel: str | None, *, named: str
) -> None:
    """Restore one file after the other. Exit code 2 where one could not be done, 130 where it was stopped."""
    from convivo.io.atomic import output_folder, writing
    from convivo.io.images import read
    from convivo.io.inputs import output_names
    from convivo.report.before_after import BeforeAfter

    output_folder(out)
    sheet, engine, done, stopped = BeforeAfter(), "no engine", 0, False
    doubts = Doubts(restorer.model, restorer.options, named=named)
    failures: list[tuple[Path, ConvivoError]] = []
    for path, name in watched(
        list(zip(paths, output_names(paths), strict=True)), "restoring", len(paths), "image"
    ):
        try:
            image = replace(read(path, axes=axes, channel=channel), name=name)
            found = restorer.restore(image)
            info = doubts.of(image, found, path)
            write_restoration(out, name, found, restorer.model.stored_type(image.array.dtype), info)
        except KeyboardInterrupt:
            stopped = True
            break
        except Exception as error:
            told = in_words(error)
            if told is not error and debugging():
                raise
            failures.append((path, told))
            sheet.fail(name, told.problem)
            doubts.failed(name, told)
            continue
        sheet.add(name, image, found.image, found.notes)
        for note in found.notes:
            remark(f"note: {name}: {note}")
        done += 1
        engine = found.engine if found.engine != "none" else engine
    with writing(out / "restored.png") as part:
        sheet.picture().save(part)
    doubts.write(out)
    say(f"{done} of {len(paths)} images restored, by {engine}: {out}")
    conclude(failures, len(paths), out / "restored.png", stopped=stopped)


def write_restoration(out: Path, name: str, found: Restoration, dtype: np.dtype[Any], info: str = "") -> None:
    """The restored image as an image of that type holds it, and the maps of what is not known, in float32.

    `info` travels inside the restored image.
    """
    import numpy as np

    from convivo.io.images import write_channels
    from convivo.io.pixels import stored_as

    whole = replace(found.image, array=stored_as(found.image.array, dtype))
    write_channels(out / f"{name}_restored.tif", whole, info=info)
    if found.uncertainty:
        axis = found.image.axes.index("C")
        maps = replace(found.image, array=np.concatenate(list(found.uncertainty.values()), axis=axis))
        names = map_names(list(found.uncertainty), found.image.array.shape[axis])
        write_channels(out / f"{name}_uncertainty.tif", maps, names=names)


def map_names(maps: Sequence[str], channels: int) -> list[str]:
    """What the channels of an uncertainty file are called; several channels of an image are counted from 0."""
    if channels == 1:
        return list(maps)
    return [f"{each}, channel {number}" for each in maps for number in range(channels)]
