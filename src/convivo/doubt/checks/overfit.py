"""Has the net learned its training images by heart, or not yet learned enough?

Four questions, in the same unit, which is how often the errors are halved or doubled: 1 - accuracy of found objects,
the mean squared error of restored images. Has the validation score fallen while the loss went on falling, and were the
weights kept from before that? Has the loss on the images that chose risen, which it does long before other objects are
found, because a net that learns by heart answers for all images with ever more certainty (Guo et al. 2017)? Does the
net err less often on images that trained than on those that chose? And did the second half of the training still halve
the errors, so that another as long is likely to bring as much (errors fall as a power of the training's length,
Hestness et al. 2017)?
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from convivo.doubt.advice import quoted
from convivo.doubt.check import Check, ModelCheck
from convivo.doubt.finding import NOTE, WARN, Finding
from convivo.methods import Restoration
from convivo.model import Model, ModelFolder, PartScore, Row
from convivo.ops.learning_curve import SMOOTHED, fall, rise
from convivo.report.cases import counted

LEAST = 0.01  # share of errors that is told from none
HALF = 1.0  # halvings of the errors from which there is a warning
TOO_SURE = 1.5  # doubt, at most, of a net that is too sure of the objects that it finds, but finds them
FEWEST = 3  # images that choose, below which a difference may be one of these images


def ask(model: Model) -> Iterator[Finding]:
    """What the curve and the scores say of how the model was trained."""
    rows = _curve(model)
    scored = [row for row in rows if row.validation is not None and np.isfinite(row.validation)]
    found = [
        *_interrupted(model),
        *_fallen(model, rows, scored),
        *_too_sure(model, rows),
        *_unfinished(model, scored),
        *_gap(model),
    ]
    worth = [each for each in found if each.doubt >= NOTE]
    yield from worth or [_nothing(model, scored, found)]


def _curve(model: Model) -> tuple[Row, ...]:
    folder = ModelFolder(model.folder) if model.folder is not None else None
    return folder.curve() if folder is not None and folder.holds_curve else ()


def _interrupted(model: Model) -> Iterator[Finding]:
    if model.folder is not None and ModelFolder(model.folder).holds_state:
        steps = ModelFolder(model.folder).unfinished().state.step
        yield _finding(
            model,
            WARN,
            evidence=f"the training was interrupted at step {steps:,}, with a learning rate that was not yet low",
            advice=f"go on: convivo train {model.card.method} DATA --out {quoted(str(model.folder))} --resume",
        )


def _fallen(model: Model, rows: Sequence[Row], scored: Sequence[Row]) -> Iterator[Finding]:
    """The validation score has a height that it did not keep."""
    scores = _scores(scored)
    found, training = fall(scores), model.card.training
    if found is None or training is None or not found.is_real:
        return
    end = float(np.mean(scores[-SMOOTHED:]))
    lost = _halvings(model, end, end + found.size)
    height, last = scored[found.at].step, scored[-1].step
    kept = next((row.validation for row in scored if row.step == training.best_step), None)
    is_right = kept is not None and kept >= end + found.size - found.chance
    what = (
        "the loss went on falling: overfitting"
        if _loss_fell(rows, height)
        else "and the loss rose too: unstable"
    )
    yield _finding(
        model,
        NOTE if is_right else WARN + lost,
        measured=found.size,
        expected=(0.0, found.chance),
        evidence=(
            f"validation fell by {found.size:.3g} from its height at step {height:,} to the end at {last:,} (a flat "
            f"curve that wobbles as this one: less than {found.chance:.2g}), {what}. "
            f"The weights are those of step {training.best_step:,}, {'before' if is_right else 'after'} the fall"
        ),
        advice=(
            f"keep them, and not last.safetensors; better: more images, or {_length(model, height / last)}"
            if is_right
            else f"train anew with {_length(model, height / last)} and images that choose, or with more images"
        ),
    )


def _too_sure(model: Model, rows: Sequence[Row]) -> Iterator[Finding]:
    """The loss on images that chose left its lowest point while that on images that trained went on falling."""
    known = {row.step: np.log2(loss) for row in rows if (loss := row.validation_loss) and np.isfinite(loss)}
    losses, steps, training = [float(each) for each in known.values()], list(known), model.card.training
    found = fall([-loss for loss in losses])
    if found is None or training is None or not found.is_real or found.size < NOTE:
        return
    if not _loss_fell(rows, steps[found.at]):  # no overfitting: it learned nothing any more
        return
    end, at, best = float(np.mean(losses[-SMOOTHED:])), steps[found.at], training.best_step
    lowest = end - found.size
    kept = max(0.0, float(known[best]) - lowest) if best in known and best > at else 0.0
    weights = f", with {2**kept:.1f} times that loss" if best > at else ", before it rose"
    yield _finding(
        model,
        max(min(kept / HALF, TOO_SURE), NOTE),
        measured=found.size,
        expected=(0.0, HALF),
        evidence=(
            f"the loss on images that chose rose from {2**lowest:.2g} at step {at:,} to {2**end:.2g} at the end, while "
            "that on images that trained went on falling: the net answers for new images with ever more certainty, "
            f"right or wrong. The weights are those of step {best:,}{weights}"
        ),
        advice="give more, and more varied images; do not trust its probabilities"
        if kept >= HALF
        else f"keep them, and not last.safetensors; better: more images, or {_length(model, at / steps[-1])}",
    )


def _unfinished(model: Model, scored: Sequence[Row]) -> Iterator[Finding]:
    """The second half of the training still brought much."""
    scores = _scores(scored)
    found = rise(scores)
    if found is None or model.card.training is None or not found.is_real:
        return
    middle = float(np.mean(scores[found.at :]))
    halvings = _halvings(model, middle - found.size / 2, middle + found.size / 2)
    not_there = "" if halvings < NOTE else ": it had not converged"
    yield _finding(
        model,
        halvings / HALF,
        measured=halvings,
        expected=(0.0, HALF),
        evidence=(
            f"validation rose by {found.size:.3g} over the second half of the training (chance: "
            f"{found.chance:.2g}), which made the errors {2**halvings:.1f} times smaller{not_there}"
        ),
        advice=f"train anew with {_length(model, 2)}; twice as long is likely to bring as much again",
    )


def _gap(model: Model) -> Iterator[Finding]:
    """Images that trained are answered better than those that chose, by more than their number leaves to chance."""
    trained, chose = model.card.scores.training, model.card.scores.selection
    if trained is None or chose is None:
        return
    known, new = _score(trained), _score(chose)
    least, most = _surely(trained, known, up=False), _surely(chose, new, up=True)
    halvings = max(0.0, _halvings(model, most, least))
    few = chose.images < FEWEST
    unit = " dB" if chose.restoration else " at IoU 0.5"
    yield _finding(
        model,
        min(halvings / HALF, NOTE) if few else halvings / HALF,
        measured=halvings,
        expected=(0.0, HALF),
        evidence=(
            f"{known:.4g}{unit} on {counted(trained.images, 'image')} that trained, "
            f"{new:.4g} on {chose.images} that chose: errors are {2 ** _halvings(model, new, known):.1f} times as many "
            f"on new images, and at least {2**halvings:.1f} times, as far as so few objects tell"
        ),
        advice="give more, and more varied images; until then trust the validation score, not the loss",
    )


def _nothing(model: Model, scored: Sequence[Row], found: Sequence[Finding]) -> Finding:
    """There is nothing to say against it, or nothing to say it from."""
    if not scored and not found:
        return _finding(
            model,
            NOTE,
            evidence="there is no training curve with validation scores: the model was imported, had no image to "
            "choose with, or is not in its folder; nobody can say whether it is overfitted",
            advice="score it on images that did not train: convivo evaluate ... DATA",
        )
    said = [each.evidence.removeprefix(f"{model.card.name}: ") for each in found]
    training = model.card.training
    curve = f"validation did not fall over {len(scored)} scores" if scored else "no curve is known"
    best = f"the weights are those of step {training.best_step:,}" if training else "no training is known"
    return _finding(
        model,
        max((each.doubt for each in found), default=0.0),
        evidence="; ".join([f"{curve}, and {best}", *said]),
    )


def _finding(
    model: Model,
    doubt: float,
    *,
    evidence: str,
    advice: str = "",
    measured: float | None = None,
    expected: tuple[float, float] | None = None,
) -> Finding:
    named = f"{model.card.name}: {evidence}"
    return Finding.of("", "overfit", measured, expected, named, advice, doubt)


def _scores(scored: Sequence[Row]) -> list[float]:
    return [row.validation for row in scored if row.validation is not None]


def _loss_fell(rows: Sequence[Row], since: int) -> bool:
    before = [row.loss for row in rows if row.step <= since][-10:]
    return bool(before) and float(np.mean([row.loss for row in rows[-10:]])) < float(np.mean(before))


def _error(model: Model, score: float) -> float:
    """Share of objects that are missed, invented or merged; mean squared error of what is restored."""
    restores = isinstance(model.method, Restoration)
    return float(10 ** (-score / 10)) if restores else max(1 - score, LEAST)


def _halvings(model: Model, worse: float, better: float) -> float:
    return float(np.log2(_error(model, worse) / _error(model, better)))


def _score(part: PartScore) -> float:
    return next(iter((part.restoration or part.accuracy).values()), 0.0)


def _surely(part: PartScore, score: float, *, up: bool) -> float:
    """The end of its 95 % interval nearer to the other side; the score where none is known.

    Three objects that were all found say nothing of a hundredth: as if two more had been seen, one right and one wrong
    (Laplace). An interval over images does not know this, and has no width where there is but one.
    """
    if part.interval is None:
        return score
    end = part.interval[1] if up else part.interval[0]
    seen = (score * part.objects + 1) / (part.objects + 2)
    return max(end, seen) if up else min(end, seen)


def _length(model: Model, factor: float) -> str:
    """The option that makes a training so many times as long."""
    training = model.card.training
    assert training is not None
    if minutes := training.config.get("minutes"):
        return f"--minutes {max(0.5, round(factor * minutes, 1)):g}"
    return f"--steps {max(1, round(factor * training.steps)):d}"


CHECK: ModelCheck = Check(
    "overfit", "Has the net learned its training images by heart, or not yet enough?", ask
)
