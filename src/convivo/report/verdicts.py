"""Who loses where, in sentences that follow from the numbers."""

from __future__ import annotations

from collections.abc import Sequence

from convivo.ops.scores.mistakes import KINDS
from convivo.run.compare import Outcome

LEVEL = 0.02  # differences in accuracy up to this are no difference
NOTABLE = 0.02  # of the true objects: fewer mistakes more are not worth a word
COSTS, CAUSES = KINDS[:2], KINDS[2:]


def verdict(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """Sentences: who leads at the lowest IoU, what the others do wrong there, and who leads at the highest."""
    if len(outcomes) == 1:
        return (_alone(outcomes[0]),)
    return _place(outcomes, 0), *_losses(outcomes), *_strict(outcomes)


def _alone(outcome: Outcome) -> str:
    words = ", ".join(f"{number} {kind}" for kind, number in outcome.mistakes.items())
    return f"{outcome.contender}, of {outcome.rows[0].true:,} objects: {words}."


def _place(outcomes: Sequence[Outcome], at: int) -> str:
    """Who leads at one IoU."""
    iou = f"At IoU {outcomes[0].rows[at].total.iou:g}"
    leaders = _leaders(outcomes, at)
    if len(leaders) == len(outcomes):
        ends = sorted({f"{_accuracy(each, at):.2f}" for each in leaders})
        return f"{iou} all are level ({' to '.join(dict.fromkeys([ends[0], ends[-1]]))})."
    names = _listed([f"{each.contender} ({_accuracy(each, at):.2f})" for each in leaders])
    return f"{iou} {names} {'lead' if len(leaders) > 1 else 'leads'}."


def _losses(outcomes: Sequence[Outcome]) -> list[str]:
    """What those who lose at the lowest IoU do more often than the first."""
    leaders = _leaders(outcomes, 0)
    best = leaders[0]
    losers = sorted((each for each in outcomes if each not in leaders), key=lambda each: _accuracy(each, 0))
    return [
        f"{each.contender} loses {_accuracy(best, 0) - _accuracy(each, 0):.2f}: {_excess(each, best)}."
        for each in losers
    ]


def _excess(loser: Outcome, best: Outcome) -> str:
    """What the loser does so much more often than the best: why, and in brackets what it costs."""
    why, costs = (_more(loser, best, kinds) for kinds in (CAUSES, COSTS))
    if why and costs:
        return f"{_listed(why)} (in all {_listed(costs)})"
    return _listed(why or costs) or "a bit of all"


def _more(loser: Outcome, best: Outcome, kinds: Sequence[str]) -> list[str]:
    """The largest first; what is not notable is left out."""
    more = {kind: loser.mistakes[kind] - best.mistakes[kind] for kind in kinds}
    least = max(1, NOTABLE * loser.rows[0].true)
    return [
        f"{more[kind]:,} more {kind}"
        for kind in sorted(kinds, key=lambda kind: -more[kind])
        if more[kind] >= least
    ]


def _strict(outcomes: Sequence[Outcome]) -> list[str]:
    """Who leads where outlines decide, and whose outlines fit least, of objects that were found right."""
    words = [_place(outcomes, len(outcomes[0].rows) - 1)]
    ranked = sorted((each for each in outcomes if each.rows[0].total.true_positives), key=_fit)
    if ranked and not _level(_fit(ranked[0]), _fit(ranked[-1])):
        worst, best = ranked[0], ranked[-1]
        words.append(
            f"Of objects found right, {worst.contender} outlines worst (mean IoU {_fit(worst):.2f}), "
            f"{best.contender} best ({_fit(best):.2f})."
        )
    return words


def _fit(outcome: Outcome) -> float:
    return outcome.rows[0].total.mean_matched_iou


def _leaders(outcomes: Sequence[Outcome], at: int) -> list[Outcome]:
    """The best, and all who are level with it, the best first."""
    ranked = sorted(outcomes, key=lambda each: -_accuracy(each, at))
    return [each for each in ranked if _level(_accuracy(each, at), _accuracy(ranked[0], at))]


def _level(one: float, other: float) -> bool:
    """Whether a difference counts as none; 46 of 50 less 45 of 50 is 0.02 and some rounding."""
    return abs(one - other) <= LEVEL + 1e-9


def _accuracy(outcome: Outcome, at: int) -> float:
    return outcome.rows[at].total.accuracy


def _listed(words: Sequence[str]) -> str:
    """One, two and three."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
