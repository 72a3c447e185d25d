"""Holds fields against going back from one output to all input pixels that it sees, and the net against a search."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from convivo.course.checks import Answer, Check, Learner, Panel, Value, array_of, compared

Layer = tuple[int, int]  # (kernel, stride)
Net = Sequence[Layer]

CONV, POOL = (3, 1), (2, 2)
KERNELS = (3, 5, 7)
ALLOWED = (*((kernel, 1) for kernel in KERNELS), POOL)
MAPS = 16
MOST_POOLINGS = 3
LEAST_FIELD = 128
MOST_LAYERS = 100  # of a net that is looked at
WIDEST = 400  # input pixels in a picture


def plain(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    net = [(int(rng.choice(KERNELS)), 1) for _ in range(int(rng.integers(3, 6)))]
    return _fields(yours, net, "Each layer adds its kernel less one, as long as nothing pools.")


def step(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    net: list[Layer] = []
    for _ in range(3):
        net += [CONV] * int(rng.integers(1, 4)) + [POOL]
    return _fields(yours, [*net, CONV], "Pooling doubles the step, and what comes behind it gains from that.")


def strides(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    kinds = [(3, 2), (3, 3), (4, 4), (5, 1), (1, 1), (5, 2), (7, 3)]
    net = [kinds[place] for place in rng.permutation(len(kinds))[:5]]
    return _fields(yours, [*net, CONV], "You are right for any kernel and any stride.")


def _fields(yours: Learner, net: Net, right: str) -> Answer:
    """The field after each layer: the whole net, and every beginning of it."""
    beginnings = [net[: count + 1] for count in range(len(net))]
    truth = np.array([_seen(each) for each in beginnings])
    found = [yours.call("receptive_field", [list(layer) for layer in each]) for each in beginnings]
    answer = compared(
        found,
        truth,
        given=Panel("the net", _told(net)),
        right=f"{right} This net sees {truth[-1]} pixels.",
        wrong=_where_it_leaves(found, truth, net),
        tolerance=1e-9,
        mistakes=[
            (
                [_by_rule(each, "doubling") for each in beginnings],
                "You let pooling double the field; what it doubles is the step, and the field gains from that only in "
                "the layers behind.",
            ),
            (
                [_by_rule(each, "no step") for each in beginnings],
                "You add kernel less one for every layer, as if neighbours always stood one pixel apart; behind a "
                "stride they stand further apart.",
            ),
            (
                [_by_rule(each, "step first") for each in beginnings],
                "You let the step grow before you use it: what a layer joins stands apart by the step before it.",
            ),
            (
                [_by_rule(each, "whole kernel") for each in beginnings],
                "You add the whole kernel; one of the pixels that a layer joins was seen already, so it adds kernel "
                "less one.",
            ),
            (
                [_by_rule(each, "added strides") for each in beginnings],
                "You add strides up; two poolings behind each other make a step of 2 x 2 = 4, and three one of 8.",
            ),
            (
                [_step(each) for each in beginnings],
                "You give back the step, the distance between neighbours; the field was asked for.",
            ),
            (
                truth - 1,
                "You are one short everywhere: at the beginning a pixel sees itself, so the field begins with 1.",
            ),
        ],
    )
    numbers = array_of(found)
    if numbers is None or numbers.shape != truth.shape or not np.isfinite(numbers).all():
        return answer
    width = int(np.clip(max(numbers.max(), truth.max()), 1, WIDEST))
    mine, aim = _cone(numbers, width), _cone(truth, width)
    cones = (
        Panel("yours: seen behind each layer", mine),
        Panel("expected", aim),
        Panel("difference", mine - aim, signed=True),
    )
    return replace(answer, panels=(answer.panels[0], *cones))


def _cone(fields: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """A picture of what is seen, from the input pixel at the top to the last layer at the bottom."""
    away = np.abs(np.arange(width) - (width - 1) / 2)
    rows = np.array([away < max(field, 1) / 2 for field in (1, *fields)], np.float64)
    return np.repeat(rows, max(1, round(width / len(rows) / 2)), axis=0)


def _seen(net: Net) -> int:
    """From the output 0 back through all layers, by the pixels that it looks at."""
    places = {0}
    for kernel, stride in reversed(net):
        places = {place * stride + offset for place in places for offset in range(kernel)}
    return max(places) - min(places) + 1


def _step(net: Net) -> int:
    return int(np.prod([stride for _, stride in net]))


def _by_rule(net: Net, rule: str) -> int:
    """What a wrong rule gives."""
    field, step = 1, 1
    for kernel, stride in net:
        if rule == "doubling":
            field = field * stride if stride > 1 else field + kernel - 1
            continue
        if rule == "step first":
            step *= stride
        field += (kernel if rule == "whole kernel" else kernel - 1) * (1 if rule == "no step" else step)
        if rule == "added strides":
            step += stride if stride > 1 else 0
        elif rule != "step first":
            step *= stride
    return field


def _where_it_leaves(found: Value, truth: Value, net: Net) -> str:
    numbers = array_of(found)
    if numbers is None or numbers.shape != truth.shape:
        return "receptive_field gives back one whole number."
    first = int(np.argmax(~np.isclose(numbers, truth)))
    before = f"Up to layer {first} you agree. " if first else ""
    return (
        f"{before}Behind layer {first + 1}, {_name(net[first])}, the net sees {truth[first]} pixels, and you say "
        f"{numbers[first]:g}."
    )


def _name(layer: Layer) -> str:
    kernel, stride = layer
    if layer == POOL:
        return "pooling 2 x 2"
    return f"kernel {kernel}" + (f" with stride {stride}" if stride > 1 else "")


def _told(net: Net) -> str:
    return "\n".join(f"{number}  {_name(layer)}" for number, layer in enumerate(net, start=1))


def _told_briefly(net: Net) -> str:
    runs = ((_name(layer), len(list(run))) for layer, run in groupby(net))
    return "\n".join(name if count == 1 else f"{count} times {name}" for name, count in runs)


def smallest(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    net = _net(yours.value("smallest_net"))
    if net is None:
        return Answer(False, "A list of layers (kernel, stride) was expected, all of them whole numbers.")
    shown = Panel("your net", _told_briefly(net))
    if fault := _against_the_rules(net):
        return Answer(False, fault, (shown,))
    fields = np.array([1, *(_seen(net[: count + 1]) for count in range(len(net)))])
    cost, best = _cost(net), fewest(LEAST_FIELD)
    panels = (
        shown,
        Panel("field after each layer", fields.astype(np.float64)),
        Panel("yours", f"{fields[-1]} pixels, {cost} parameters"),
        Panel("possible", f"{LEAST_FIELD} pixels or more, {best} parameters"),
    )
    fault = _too_small(net, int(fields[-1])) or _too_dear(net, cost, best)
    right = f"No net by these rules sees {LEAST_FIELD} pixels with fewer than {best} parameters."
    return Answer(not fault, fault or right, panels)


def _net(given: Value) -> list[Layer] | None:
    numbers = array_of(given)
    if numbers is None or numbers.ndim != 2 or numbers.shape[1] != 2 or not len(numbers):
        return None
    if not np.isfinite(numbers).all() or (numbers != np.rint(numbers)).any():
        return None
    return [(int(kernel), int(stride)) for kernel, stride in numbers]


def _against_the_rules(net: Net) -> str:
    strange = next((layer for layer in net if layer not in ALLOWED), None)
    if strange:
        return (
            f"The layer {strange} is not among the allowed ones: convolutions of 3, 5 or 7, poolings (2, 2)."
        )
    if len(net) > MOST_LAYERS:
        return f"Your net has {len(net)} layers; with {LEAST_FIELD // 2} convolutions alone one sees enough."
    if net.count(POOL) > MOST_POOLINGS:
        return f"Your net has {net.count(POOL)} poolings; three are allowed, since small nuclei vanish behind more."
    if any(layer == POOL and (place == 0 or net[place - 1] == POOL) for place, layer in enumerate(net)):
        return (
            "One of your poolings has no convolution before it: what it throws away has not been looked at."
        )
    return ""


def _too_small(net: Net, field: int) -> str:
    if field >= LEAST_FIELD:
        return ""
    believed = _by_rule(net, "doubling")
    if believed >= LEAST_FIELD:
        return (
            f"Your net sees {field} pixels. It would see {believed} if pooling doubled the field; but it doubles the "
            "step, which only the layers behind it gain from."
        )
    return f"Your net sees {field} pixels, and {LEAST_FIELD} are needed."


def _too_dear(net: Net, cost: int, best: int) -> str:
    if cost == best:
        return ""
    much = f"Your net sees enough, with {cost} parameters; {best} are possible."
    if POOL not in net:
        return f"{much} Without pooling every layer adds only two pixels; behind a pooling the same layer adds more."
    if any(kernel > CONV[0] and stride == 1 for kernel, stride in net):
        return f"{much} Two kernels of 3 see as far as one of 5, with 18 weights for 25."
    if net.count(POOL) < MOST_POOLINGS:
        return f"{much} Another pooling lets every layer behind it reach twice as far, for nothing."
    return f"{much} A convolution adds most where the step is largest: do all that can stand there?"


def _cost(net: Net) -> int:
    return sum(kernel * kernel * MAPS * MAPS + MAPS for kernel, stride in net if stride == 1)


def fewest(least: int) -> int:
    """Parameters of the cheapest net by the rules: all nets, the cheaper first (Dijkstra), until one sees enough."""
    waiting = [
        (0, 1, 1, 0, True)
    ]  # parameters, field, step, poolings, and whether a pooling may not come next
    done = set()
    while waiting:
        cost, field, step, poolings, pooled = heapq.heappop(waiting)
        if field >= least:
            return cost
        if (field, step, pooled) in done:
            continue
        done.add((field, step, pooled))
        for kernel in KERNELS:
            grown = field + (kernel - 1) * step
            heapq.heappush(waiting, (cost + _cost([(kernel, 1)]), grown, step, poolings, False))
        if not pooled and poolings < MOST_POOLINGS:
            heapq.heappush(waiting, (cost, field + step, step * 2, poolings + 1, True))
    raise AssertionError("a net without end sees as far as one likes")


CHECKS = [
    Check("plain", "convolutions alone", plain),
    Check("step", "what pooling changes", step, 2),
    Check("strides", "any kernel and any stride", strides),
    Check("smallest", "128 pixels with the fewest parameters", smallest, 2),
]
