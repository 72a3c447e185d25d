# expect: pooling
# says: You took the mean of each block

# %%
import numpy as np
from scipy import ndimage

from convivo.course import show
from convivo.ops.simulate import Microscope, Scene, simulate

field = simulate(Scene(shape=(32, 40), nuclei=3, diameter=12), Microscope(), seed=34)
image = field.image.astype(float)
show(image, "before the stage drifts")


# %%
def max_pool(image):
    """The brightest pixel of each block of 2 x 2: (Y, X) becomes (Y // 2, X // 2)."""
    height, width = image.shape[0] // 2, image.shape[1] // 2
    out = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            out[y, x] = image[2 * y : 2 * y + 2, 2 * x : 2 * x + 2].mean()
    return out


show(max_pool(image), "behind pooling")


# %%
def convolved(image):
    """A convolution that finds outlines; the image goes round at its borders."""
    return ndimage.correlate(image, np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]), mode="wrap")


def pooled(image):
    """Max pooling, enlarged to the image's size again; sides of the image are even here."""
    return np.kron(max_pool(image), np.ones((2, 2)))


LAYERS = {"convolution": convolved, "pooling": pooled}


def left_over(layer, image, shift):
    """Undone minus before, (Y, X): for a layer of LAYERS, by its name, and a shift to the right in pixels."""
    answer = LAYERS[layer]
    before = answer(image)
    after = answer(np.roll(image, shift, axis=1))
    undone = np.roll(after, -shift, axis=1)
    return undone - before


show(left_over("convolution", image, 1), "left over by the convolution")
show(left_over("pooling", image, 1), "left over by pooling")
for shift in range(1, 5):
    print(
        "shift", shift, "pooling leaves over, on average:", np.abs(left_over("pooling", image, shift)).mean()
    )


# %%
def smallest_exact_shift(poolings):
    """The smallest shift in pixels, larger than 0, with which the map behind so many poolings moves along exactly."""
    return 2**poolings


print("after one pooling:", smallest_exact_shift(1))
