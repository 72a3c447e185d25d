"""Ask a model's net about an image of any size: tiles that fit into memory, an engine that has proven itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from convivo.errors import BadInput, OutOfMemory
from convivo.methods import Restoration
from convivo.methods.method import Settings, TileOutputs
from convivo.model import Model
from convivo.ops.resize import resize, scaled_shape
from convivo.ops.tiling import Tile, check_tile, pad_to_stride, padded_before, tiles
from convivo.run.choice import Choice, Wanted, choose
from convivo.run.engines import Engine, device_for
from convivo.run.memory import free_memory, out_of_memory, tile_bytes, tile_sizes
from convivo.types import AnyArray, Image, Pixels

SMALLEST_RETRY = 64  # pixels: below this a tile is mostly halo, and memory is short for another reason
Read = TypeVar("Read")  # what is read from the net's answers
KEPT_ENGINES = 1.5e9  # bytes that the engines of all shapes of windows may take, but for the one in use


@dataclass(frozen=True, kw_only=True, slots=True)
class PredictOptions:
    """How to predict; the defaults decide by themselves."""

    tile: int | None = None  # side of a core; None: as large as memory allows
    engine: Wanted = Wanted()
    scale: float = 1.0  # the image is shown this many times as large as it is
    settings: Settings = field(default_factory=dict)  # override the card's
    blind: bool = False  # Noise2Void: what neighbours say alone, without a second look at the pixel itself
    tta: bool = False  # restoration: the mean of the answers for all turned and mirrored views

    def __post_init__(self) -> None:
        scaled_shape((1, 1), self.scale)  # refuses a scale that no image can have


class Asker:
    """A model's net, asked tile by tile; the engine is chosen once for each shape of window.

    For one thread: an engine writes its next answer over the last.
    """

    def __init__(self, model: Model, options: PredictOptions) -> None:
        self.model, self.options = model, options
        self._choices: dict[tuple[int, ...], Choice] = {}
        self._said: set[str] = set()  # remarks on engines hold for all images and are made once
        # CARE and Noise2Void pad at both sides, as their originals do; the others at the ends
        self._both_sides = isinstance(model.method, Restoration)
        # refused here, and not at every image
        model.method.rule({**model.card.settings, **options.settings})
        device_for(options.engine.device)
        if options.tile is not None:
            check_tile(options.tile, model.stride)

    def refuse_flat(self, image: Image) -> None:
        """A net of three dimensions needs depth."""
        if self.model.dimensions == 3 and "Z" not in image.axes:
            raise BadInput(
                f"{image.name or 'the image'} has axes {image.axes}, model {self.model.card.name!r} needs Z, Y and X",
                fix="give a stack (and its --axes), or a 2-D model",
            )

    def answered(
        self, prepare: Callable[[], Pixels], shape: tuple[int, ...], read: Callable[[TileOutputs], Read]
    ) -> tuple[Read, str, tuple[str, ...]]:
        """What `read` makes of the net's answers for a page, shown at that shape; the engine's name; notes.

        The tiles are of the chosen size, or of half of it each time memory runs out. `prepare` gives the prepared page,
        each time anew, so that nobody holds it longer than its tiles are gone through.
        """
        notes: tuple[str, ...] = ()
        sides = None if self.options.tile is None else (self.options.tile,) * len(shape)
        while True:
            shown = pad_to_stride(resize(prepare(), shape), self.model.strides, both_sides=self._both_sides)
            sides = sides or tile_sizes(self.model, shown.shape[1:])
            try:
                engine, remarks = self._engine(shown, sides)
                outputs = within(forward(self.model, shown, engine, sides), shape, self._before(shape))
                del shown  # the stream alone holds it now, and lets go when it ends
                return read(outputs), engine.name, notes + remarks
            except (MemoryError, RuntimeError) as error:
                if not out_of_memory(error):
                    raise
                sides = self._halved(sides)  # or give up in words
                notes = (f"memory ran out: went on with tiles of {max(sides)} pixels",)

    def _before(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """How much was padded in front of each axis."""
        return padded_before(shape, self.model.strides) if self._both_sides else (0,) * len(shape)

    def _engine(self, prepared: Pixels, sides: tuple[int, ...]) -> tuple[Engine, tuple[str, ...]]:
        """The engine for this window, chosen on the middle tile, where cells are likelier than in a corner.

        One that has not proven itself, because there was nothing to see, is asked again at the next image.
        """
        every = list(tiles(prepared.shape[1:], sides, self.model.halo, self.model.stride))
        shown = prepared[:, *every[len(every) // 2].read]
        choice = self._choices.get(shown.shape)
        new: tuple[str, ...] = ()
        if choice is None or not choice.is_proven:
            self._make_room(shown.shape)
            choice = self._choices[shown.shape] = choose(self.model, shown, self.options.engine)
            new = tuple(remark for remark in choice.notes if remark not in self._said)
            self._said.update(new)
        return choice.engine, new

    def _make_room(self, shape: tuple[int, ...]) -> None:
        """Let go of the oldest engines: each keeps the feature maps of its window."""
        self._choices.pop(shape, None)
        room = KEPT_ENGINES - tile_bytes(self.model, shape[1:])
        while self._choices and sum(tile_bytes(self.model, kept[1:]) for kept in self._choices) > room:
            del self._choices[next(iter(self._choices))]

    def _halved(self, sides: tuple[int, ...]) -> tuple[int, ...]:
        stride = self.model.stride
        smaller = tuple(max(stride, side // 2 // stride * stride) for side in sides)
        if max(sides) < 2 * SMALLEST_RETRY:
            raise OutOfMemory(
                f"memory ran out, even with tiles of {max(sides)} pixels",
                fix="close other programs, or predict a smaller image (--scale 0.5)",
            )
        self._choices.clear()
        return smaller


@contextmanager
def enough_memory_for(image: Image, what: str, needed: int = 0) -> Iterator[None]:
    """Say in words that an image does not fit; `what` was to be done with it.

    What is known to need more bytes than are free is refused at once: many systems promise memory that they lack, and
    kill whoever uses it, an hour later and without a word.
    """
    named = f"{image.name or 'the image'} ({' x '.join(map(str, image.array.shape))})"
    fix = f"close other programs, or {what} it in parts"
    if needed and needed > (free := free_memory()):
        raise OutOfMemory(
            f"to {what} {named} takes about {needed / 1e9:.1f} GB of memory, and {free / 1e9:.1f} GB are free",
            fix=fix,
        )
    try:
        yield
    except MemoryError as error:
        raise OutOfMemory(f"memory ran out for {named}", fix=fix) from error


def forward(model: Model, prepared: Pixels, engine: Engine, sides: tuple[int, ...]) -> TileOutputs:
    """Yield the net's answer for each tile of a prepared image."""
    for tile in tiles(prepared.shape[1:], sides, model.halo, model.stride):
        yield tile, engine(prepared[:, *tile.read])


def within(
    outputs: TileOutputs, shape: tuple[int, ...], before: tuple[int, ...] | None = None
) -> Iterator[tuple[Tile, AnyArray]]:
    """Cut off what was padded: cores begin and end with the image, which lies `before` pixels into what was shown."""
    offsets = before or (0,) * len(shape)
    for tile, output in outputs:
        core = tuple(
            slice(max(0, part.start - offset), min(part.stop - offset, end))
            for part, offset, end in zip(tile.core, offsets, shape, strict=True)
        )
        if all(part.start < part.stop for part in core):
            crop = tuple(
                slice(
                    inner.start + kept.start + offset - part.start,
                    inner.start + kept.stop + offset - part.start,
                )
                for inner, kept, part, offset in zip(tile.crop, core, tile.core, offsets, strict=True)
            )
            yield Tile(tile.read, core, crop), output
