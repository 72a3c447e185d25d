"""What is said of a training: before the first step, while it runs, and of the model that it leaves."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from convivo.cli.console import progress_bar, remark, say
from convivo.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from threading import Event

    from convivo.model import Example, Model
    from convivo.run.train import Step

ENDING = "finishing: settings, scores, altered images"


def describe(data: Sequence[Example], model: Model) -> None:
    """What is about to be learned from what."""
    from convivo.work.training import described

    remark(described(data, model))


def unit_of(model: Model) -> str:
    """In which words a validation's score is said."""
    from convivo.methods import Segmentation

    return "accuracy {:.2f}" if isinstance(model.method, Segmentation) else "validation {:.2f} dB"


def follow(steps: Iterator[Step], unit: str = "accuracy {:.2f}") -> None:
    """Watch a training: progress, rate, time left, and the best validation so far. Ctrl-C ends it early."""
    best, number = None, 0
    with progress_bar("training", total=1.0) as (bar, task), noticing_ctrl_c() as pressed:
        try:
            for step in steps:
                number = step.number
                for note in step.notes:
                    bar.console.print(f"note: {note}", highlight=False)
                best = step.validation if step.is_best else best
                words = f"step {number:,} ({number / step.seconds:.1f}/s) loss {step.loss:.2f}"
                if best is not None:
                    words += " " + unit.format(best)
                if step.is_last:
                    words = f"{ENDING} (Ctrl-C twice skips the last)"
                bar.update(task, completed=step.progress, rate=words)
                if pressed.is_set():
                    bar.console.print("stopping: the best weights so far are kept (--resume goes on)")
                    bar.update(task, rate=f"{ENDING} (Ctrl-C skips the last)")
                    break
        except KeyboardInterrupt:
            if number == 0:
                raise BadInput(
                    "stopped before the first step", fix="start again: there is no model yet"
                ) from None
            raise
        finally:
            steps.close()  # type: ignore[attr-defined]


@contextmanager
def noticing_ctrl_c() -> Iterator[Event]:
    """An event that Ctrl-C sets, so that no step is left half done. A second one interrupts, wherever it lands."""
    import signal
    import threading

    pressed = threading.Event()

    def notice(*_: object) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()

    if threading.current_thread() is not threading.main_thread():  # Ctrl-C comes to the main thread alone
        yield pressed
        return
    before = signal.signal(signal.SIGINT, notice)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)


def report(model: Model, out: Path) -> None:
    """Where the model is and how good it looked while it was chosen."""
    card = model.card
    if card.fingerprint and card.fingerprint.shown_frequencies:
        shown = ", ".join(
            f"{name} {100 * card.fingerprint.class_frequencies[name]:.0f} → {100 * share:.0f} %"
            for name, share in card.fingerprint.shown_frequencies.items()
        )
        say(f"pixels in the data → as shown to the net: {shown}")
    part = card.scores.selection
    if part and part.restoration:
        what = "restored" if model.restoration.has_targets else "guessed where pixels were hidden"
        images = f"{part.images} image{'s' * (part.images > 1)} that chose it"
        (decibels,) = part.restoration.values()
        say(f"{images}: {what} to {decibels:.2f} dB of the range that the net is shown")
    elif part:
        scores = ", ".join(f"{value:.3f} at IoU {iou}" for iou, value in part.accuracy.items())
        say(f"accuracy on the {part.images} images that chose it (optimistic): {scores}")
    else:
        say("no image was left to choose with: the model holds the last weights, its accuracy is unknown")
    say(f"model: {out}  (next: convivo predict IMAGES --model {out} --out results)")
