# %% [markdown]
# # Stars, and who stays
#
# Where nuclei touch, my nucleus finder melts them together. StarDist draws each nucleus as a *star* instead: from a
# pixel inside, rays go out in all directions, and on each stands how far away the border is. Every pixel of a nucleus
# proposes such a star, so there are hundreds for one nucleus, and one has to be chosen.
#
# You write all three steps: the distances that the net is taught, how much two stars share, and who stays. When
# StarDist misses a cell between two others, or counts one twice, it is decided in these few lines.

# %%
import numpy as np
from scipy import ndimage
from skimage.draw import polygon2mask

from convivo.course import show
from convivo.ops.simulate import Microscope, Scene, simulate

field = simulate(Scene(shape=(48, 56), nuclei=6, diameter=14, crowding=0.9), Microscope(), seed=2)
labels = field.labels
show(field.image.astype(float), "nuclei that touch")


def label_at(labels, y, x):
    """The label of the pixel nearest to a place (y, x); 0 outside the image."""
    row, column = round(float(y)), round(float(x))
    inside = 0 <= row < labels.shape[0] and 0 <= column < labels.shape[1]
    return labels[row, column] if inside else 0


# %% [markdown]
# ## 1 How far is the border?
#
# Stand on the pixel (y, x) and walk along a ray, in steps of one pixel: with each step you get on by `down` rows and
# by `right` columns. Count the steps until you stand outside the nucleus for the first time. Outside is the
# background, but also a *neighbour*, which has another label.
#
# The border lies between the last place inside and the first one outside. The line after your part takes that into
# account, as StarDist does: where the ray runs straight along a row, half a step is taken back.


# %%
def distance(labels, y, x, angle):
    """How far the border of the nucleus at the pixel (y, x) is, in pixels, along the ray at an angle in radians."""
    if labels[y, x] == 0:
        return 0.0
    down, right = np.sin(angle), np.cos(angle)
    ### BEGIN SOLUTION
    steps = 1
    while label_at(labels, y + steps * down, x + steps * right) == labels[y, x]:
        steps = steps + 1  # gap
    ### END SOLUTION
    return steps - 1 + 0.5 / max(abs(down), abs(right))


def star(labels, y, x, rays):
    """The distances along all rays, which begin to the right and go round by way of down."""
    return np.array([distance(labels, y, x, 2 * np.pi * ray / rays) for ray in range(rays)])


show(star(labels, *np.argwhere(labels == 1)[60], 32), "distances along 32 rays")

# %% [markdown]
# ## 2 How much do two stars share?
#
# Stars are drawn as masks, arrays of True inside and False outside. Two of them that stand for the same nucleus share
# much. StarDist asks which share of the *smaller* star lies in the other: the area of the intersection, divided by
# the smaller of the two areas.
#
# Many texts call this IoU, intersection over union. It is not: of a small star within a large one everything is
# shared, and the overlap is 1, while IoU may be anything.


# %%
def overlap(one, other):
    """The area common to two masks (Y, X), as a share of the smaller one: from 0 to 1."""
    ### BEGIN SOLUTION
    common = np.sum(one & other)
    return common / min(np.sum(one), np.sum(other))  # gap
    ### END SOLUTION


# %% [markdown]
# ## 3 Who stays?
#
# Go through the candidates from the likeliest to the least likely. A candidate stays if it shares no more than `most`
# (the tau of the papers) with each of those that stay already. One that has gone is forgotten: it removes nobody.
# Nothing is merged, and nobody's outline changes.


# %%
def suppress(masks, probabilities, most):
    """The numbers of the masks (number, Y, X) that stay, the likeliest first."""
    ### BEGIN SOLUTION
    order = np.argsort(-np.asarray(probabilities))  # gap
    kept = []
    for each in order:
        if all(overlap(masks[each], masks[other]) <= most for other in kept):  # gap
            kept.append(int(each))
    return kept
    ### END SOLUTION


# %% [markdown]
# Now all three together, as StarDist does it. Here the probability of a candidate is how deep inside its nucleus it
# lies; a trained net would say both. Change `most` and see who vanishes, and who is counted twice.


# %%
def drawn(y, x, distances, shape):
    """The mask (Y, X) of a star."""
    angles = 2 * np.pi * np.arange(len(distances)) / len(distances)
    return polygon2mask(
        shape, np.stack([y + distances * np.sin(angles), x + distances * np.cos(angles)], axis=1)
    )


depth = sum(ndimage.distance_transform_edt(labels == number) for number in range(1, labels.max() + 1))
places = [(y, x) for y, x in np.argwhere(depth > 2) if y % 3 == 0 and x % 3 == 0]
masks = np.array([drawn(y, x, star(labels, y, x, 32), labels.shape) for y, x in places])
stay = suppress(masks, [depth[place] for place in places], most=0.3)
print(len(places), "candidates,", len(stay), "stay, and there are", labels.max(), "nuclei")
show(sum(number * masks[each] for number, each in enumerate(stay, start=1)), "who stays")
