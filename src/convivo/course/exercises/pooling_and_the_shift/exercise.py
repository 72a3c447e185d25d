# %% [markdown]
# # Pooling and the shift
#
# You film nuclei, and the stage drifts by a pixel. Nothing in the cells has changed, but my nucleus finder now draws
# some outlines differently, and one nucleus flickers: found in this frame, lost in the next. Where does that come from?
#
# A convolution is innocent: shift the image, and its map shifts along. Pooling is not. Measure both.

# %%
import numpy as np
from scipy import ndimage

from convivo.course import show
from convivo.ops.simulate import Microscope, Scene, simulate

field = simulate(Scene(shape=(32, 40), nuclei=3, diameter=12), Microscope(), seed=34)
image = field.image.astype(float)
show(image, "before the stage drifts")

# %% [markdown]
# ## 1 Max pooling
#
# The image is cut into blocks of 2 x 2 pixels which do not overlap. Of each block the brightest pixel is kept, so the
# map has half as many rows and half as many columns. Where a side is odd, the last row or column is left out.


# %%
def max_pool(image):
    """The brightest pixel of each block of 2 x 2: (Y, X) becomes (Y // 2, X // 2)."""
    ### BEGIN SOLUTION
    height, width = image.shape[0] // 2, image.shape[1] // 2
    out = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            out[y, x] = image[2 * y : 2 * y + 2, 2 * x : 2 * x + 2].max()  # gap
    return out
    ### END SOLUTION


show(max_pool(image), "behind pooling")

# %% [markdown]
# ## 2 What is left after undoing the shift
#
# Here is a fair test, for any layer:
#
# 1. ask the layer for its answer to the image (*before*);
# 2. shift the image to the right, and ask again (*after*);
# 3. shift the second answer back to the left by as much (*undone*).
#
# If the layer moves along with the image, undone and before are equal. What is left over, *undone minus before*, is
# what the layer made of the shift by itself.
#
# To compare pixel by pixel, the map behind pooling is enlarged to the image's size, each value as a block of 2 x 2.
# Images go round: what leaves on the right comes in on the left (`np.roll` does that), so that no border disturbs.


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
    ### BEGIN SOLUTION
    before = answer(image)
    after = answer(np.roll(image, shift, axis=1))
    undone = np.roll(after, -shift, axis=1)  # gap
    return undone - before
    ### END SOLUTION


show(left_over("convolution", image, 1), "left over by the convolution")
show(left_over("pooling", image, 1), "left over by pooling")
for shift in range(1, 5):
    print(
        "shift", shift, "pooling leaves over, on average:", np.abs(left_over("pooling", image, shift)).mean()
    )

# %% [markdown]
# ## 3 Several poolings
#
# For some shifts pooling leaves nothing over. Which ones, you have just printed. A U-Net pools three or four times, one
# pooling behind the other. Give the smallest shift (larger than 0, in pixels of the image) that so many poolings of
# 2 x 2 follow exactly, whatever the image.
#
# A net that pools four times follows few shifts exactly. So before you believe that a nucleus has vanished between
# two frames, shift the image by a pixel or two and ask again. And when you cut a large image into tiles, begin
# each tile at a multiple of this number.


# %%
def smallest_exact_shift(poolings):
    """The smallest shift in pixels, larger than 0, with which the map behind so many poolings moves along exactly."""
    ### BEGIN SOLUTION
    return 2**poolings  # gap
    ### END SOLUTION


print("after one pooling:", smallest_exact_shift(1))
