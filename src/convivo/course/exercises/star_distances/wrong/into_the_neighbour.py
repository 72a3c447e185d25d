# expect: distances
# says: run on into the neighbour

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


# %%
def distance(labels, y, x, angle):
    """How far the border of the nucleus at the pixel (y, x) is, in pixels, along the ray at an angle in radians."""
    if labels[y, x] == 0:
        return 0.0
    down, right = np.sin(angle), np.cos(angle)
    steps = 1
    while label_at(labels, y + steps * down, x + steps * right) != 0:
        steps = steps + 1
    return steps - 1 + 0.5 / max(abs(down), abs(right))


def star(labels, y, x, rays):
    """The distances along all rays, which begin to the right and go round by way of down."""
    return np.array([distance(labels, y, x, 2 * np.pi * ray / rays) for ray in range(rays)])


show(star(labels, *np.argwhere(labels == 1)[60], 32), "distances along 32 rays")


# %%
def overlap(one, other):
    """The area common to two masks (Y, X), as a share of the smaller one: from 0 to 1."""
    common = np.sum(one & other)
    return common / min(np.sum(one), np.sum(other))


# %%
def suppress(masks, probabilities, most):
    """The numbers of the masks (number, Y, X) that stay, the likeliest first."""
    order = np.argsort(-np.asarray(probabilities))
    kept = []
    for each in order:
        if all(overlap(masks[each], masks[other]) <= most for other in kept):
            kept.append(int(each))
    return kept


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
