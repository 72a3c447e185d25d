"""StarDist's two costly steps around the net, without a net: convivo against the original, in one run.

    python benchmarks/stardist_ops.py [--peer PYTHON]

Suppression: of some 287,000 candidates in 2048 x 2048 pixels with 2,000 simulated nuclei, the stars that stay; with
the true distances and with 10 % noise on them, as a net's are. Where the two disagree, each star that only one side
keeps is listed with what removed it on the other side, and how much the two share.

Rays: distances along 32 rays from every pixel of the same label image.

Both sides get the same arrays and are timed in turns, after a call that does not count; the times are medians. The
probabilities are ranks, all different: which of two equal ones comes first, the original leaves to the processor.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from peer_child import timed
from peers import Peer, add_peer, in_turns, peer_of, verdict

from convivo.ops.simulate import Microscope, Scene, simulate
from convivo.ops.stars.candidates import Stars, candidates
from convivo.ops.stars.clipping import clipped_area
from convivo.ops.stars.distances import star_distances
from convivo.ops.stars.overlap import outline
from convivo.ops.stars.probability import object_probability
from convivo.ops.stars.rays import directions
from convivo.ops.stars.suppress import survivors
from convivo.types import AnyArray, Labels

SIDE, NUCLEI, RAYS = 2048, 2000, 32
CANDIDATES = 287_000
NMS = 0.4
NOISE = 0.1  # of each distance
NEAR = 0.005  # of the threshold
SUPPRESSION_BAR, RAYS_BAR, DIFFERENCE_BAR = 10.0, 3.0, 1e-5
LISTED = 20  # pairs


@dataclass(frozen=True, slots=True)
class Dispute:
    """A star that one side keeps, the likelier one with which the other side would explain that it went."""

    star: int
    keeper: str
    by: int
    overlap: float  # area of both over the smaller area
    why: str


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_peer(parser, "stardist")
    parser.add_argument("--side", type=int, default=SIDE, help="of the image; nuclei and candidates follow")
    parser.add_argument("--turns", type=int, default=7)
    asked = parser.parse_args()
    share = (asked.side / SIDE) ** 2
    scene = Scene(shape=(asked.side, asked.side), nuclei=round(NUCLEI * share))
    labels = simulate(scene, Microscope(), seed=0).labels.astype(np.int32)
    with peer_of("stardist", asked.peer) as peer:
        print(f"{asked.side} x {asked.side} pixels, {labels.max()} nuclei, {asked.turns} turns\n")
        print(f"{'':34}{'convivo':>10}{'stardist':>11}{'faster':>9}{'bar':>7}")
        distances = compare_rays(peer, labels, asked.turns)
        exact = likely_stars(labels, distances, round(CANDIDATES * share))
        factors = 1 + NOISE * np.random.default_rng(0).standard_normal(exact.distances.shape, np.float32)
        noisy = Stars(exact.points, np.maximum(exact.distances * factors, 1e-3), exact.probabilities)
        compare_suppression(peer, "true distances", exact, asked.turns)
        compare_suppression(peer, f"{NOISE:.0%} noise", noisy, asked.turns)


def compare_rays(peer: Peer, labels: Labels, turns: int) -> AnyArray:
    """One row, and the distances."""
    ours = star_distances(labels, RAYS)
    theirs = np.moveaxis(peer.prepare("rays", labels=labels, rays=RAYS)["distances"], -1, 0)
    difference = float(max(np.abs(a - b).max() for a, b in zip(ours, theirs, strict=True)))
    del theirs
    row(
        f"{RAYS} rays",
        in_turns(
            turns, lambda _: timed(lambda: star_distances(labels, RAYS)), lambda _: peer.seconds("rays")
        ),
        RAYS_BAR,
    )
    print(f"  largest difference {difference:.1e}, bar {DIFFERENCE_BAR:.0e}: {met(difference)}")
    return ours


def compare_suppression(peer: Peer, name: str, stars: Stars, turns: int) -> None:
    """One row, and what the two disagree about."""
    ours = survivors(stars, NMS)
    theirs = peer.prepare(
        "suppression",
        distances=stars.distances,
        probabilities=stars.probabilities,
        points=stars.points,
        nms=NMS,
    )["survivors"]
    times = in_turns(
        turns, lambda _: timed(lambda: survivors(stars, NMS)), lambda _: peer.seconds("suppression")
    )
    row(f"suppression, {name}", times, SUPPRESSION_BAR)
    found = f"  {len(stars):,} candidates, {len(ours):,} and {len(theirs):,} stay"
    if np.array_equal(ours, theirs):
        print(f"{found}: the same ones, in the same order")
        return
    disputes = list(disputed(stars, ours, theirs))
    unexplained = sum(each.why == "neither" for each in disputes)
    print(f"{found}: {len(disputes)} not the same, {unexplained} of them unexplained")
    for each in disputes[:LISTED]:
        beside = f"beside {each.by} it has overlap {each.overlap:.4f}"
        print(f"    {each.star} kept by {each.keeper} alone; {beside}: {each.why}")


def disputed(stars: Stars, ours: AnyArray, theirs: AnyArray) -> Iterator[Dispute]:
    """Each star that one side alone keeps, likeliest first: near the threshold, or in the wake of one that is."""
    kept = {"convivo": np.asarray(ours), "stardist": np.asarray(theirs)}
    alone = np.setxor1d(ours, theirs)
    for star in alone[np.argsort(stars.probabilities[alone])[::-1]]:
        keeper, other = ("convivo", "stardist") if star in kept["convivo"] else ("stardist", "convivo")
        likelier = kept[other][stars.probabilities[kept[other]] > stars.probabilities[star]]
        shares = [(overlap(stars, star, by), int(by)) for by in neighbours(stars, star, likelier)]
        near = [each for each in shares if abs(each[0] / NMS - 1) <= NEAR]
        share, by = (near or sorted(shares, reverse=True) or [(0.0, -1)])[0]
        why = f"within {NEAR:.1%} of {NMS}" if near else "it follows" if by in alone else "neither"
        yield Dispute(int(star), keeper, by, share, why)


def neighbours(stars: Stars, star: int, others: AnyArray) -> AnyArray:
    """Those of the others that may touch a star."""
    apart = np.linalg.norm((stars.points[others] - stars.points[star]).astype(float), axis=1)
    near: AnyArray = others[apart <= stars.distances[others].max(axis=1) + stars.distances[star].max() + 2]
    return near


def overlap(stars: Stars, star: int, other: int) -> float:
    """Area that two stars share over the smaller of their areas, by Clipper, corners cut to whole pixels."""
    steps = directions(stars.distances.shape[1])
    first, second = (outline(stars.points[each], stars.distances[each], steps) for each in (star, other))
    smaller = min(clipped_area(first, first), clipped_area(second, second))
    return clipped_area(first, second) / smaller if smaller else 0.0


def likely_stars(labels: Labels, distances: AnyArray, count: int) -> Stars:
    """About `count` stars at the likeliest pixels, with ranks for probabilities."""
    probability = object_probability(labels)
    least = float(np.partition(probability, -count - 1, axis=None)[-count - 1])
    stars = candidates(probability, distances, least, (0, 0), (1, 1))
    ranks = np.empty(len(stars), np.float32)
    ranks[np.argsort(stars.probabilities, kind="stable")] = np.arange(1, len(stars) + 1) / len(stars)
    assert np.unique(ranks).size == len(ranks)
    return Stars(stars.points, stars.distances, ranks)


def row(name: str, times: list[float], bar: float) -> None:
    ours, theirs = times
    ratio = theirs / ours
    print(
        f"{name:34}{1000 * ours:7.0f} ms{1000 * theirs:8.0f} ms{ratio:7.1f} x{bar:5.0f} x  {verdict(ratio >= bar)}"
    )


def met(difference: float) -> str:
    return verdict(difference <= DIFFERENCE_BAR)


if __name__ == "__main__":
    main()
