# %% [markdown]
# # Convolution by hand
#
# My nucleus finder begins with one small table of numbers, a *kernel*. A convolutional layer lays the kernel on the
# image, multiplies each of its numbers (its *weights*) with the pixel below, adds the products up and writes the sum
# into a new image, the *map*. Then it moves on by one pixel and does it again. Blurred nuclei, outlines, spots: it is
# always this sum, with other weights.
#
# Every library has it. Writing it once yourself is worth twenty minutes, because three things that surprise people
# at the microscope are decided in these few lines: how much of the border is lost, whether the kernel is turned
# round, and which outlines a kernel finds.

# %%
import numpy as np

from convivo.course import show
from convivo.ops.simulate import Microscope, Scene, simulate

field = simulate(Scene(shape=(40, 48), nuclei=4, diameter=14), Microscope(), seed=3)
image = field.image.astype(float)
show(image, "four simulated nuclei")

# %% [markdown]
# ## 1 One sum for each place
#
# Lay the kernel with its upper left corner on the pixel (y, x). What lies below is a *patch* of the image, as large
# as the kernel: `image[y : y + rows, x : x + columns]`. The map's value at (y, x) is the sum of patch times kernel,
# weight by weight.
#
# The kernel must lie on the image whole. So count first how many places there are, along the rows and along the
# columns; the map has as many pixels.


# %%
def correlate(image, kernel):
    """The map (places along Y, places along X) of an image (Y, X) under a kernel (rows, columns)."""
    rows, columns = np.shape(kernel)
    ### BEGIN SOLUTION
    height, width = image.shape[0] - rows + 1, image.shape[1] - columns + 1  # gap
    out = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            out[y, x] = np.sum(image[y : y + rows, x : x + columns] * kernel)  # gap
    return out
    ### END SOLUTION


blur = np.full((5, 5), 1 / 25)
show(correlate(image, blur), "each pixel is the mean of 25")

# %% [markdown]
# ## 2 Padding and stride
#
# A layer has two more knobs. With *padding* p it first puts p rows and columns of zeros around the image, so that the
# kernel can also stand at the border. With *stride* s it moves on by s pixels, not by one: the map keeps every s-th
# row and every s-th column, beginning with the first.
#
# Zeros are darker than any camera's background. That is why a net may see an outline along the border of your field
# where there is none.


# %%
def layer(image, kernel, padding, stride):
    """The map of a convolutional layer: zeros around the image, then a sum at every stride-th place."""
    ### BEGIN SOLUTION
    padded = np.pad(image, padding)
    return correlate(padded, kernel)[::stride, ::stride]  # gap
    ### END SOLUTION


show(layer(image, blur, 2, 2), "padding 2, stride 2: half as many pixels each way")

# %% [markdown]
# ## 3 Turned round
#
# What you have written is called *cross-correlation*, and it is what every deep-learning library computes under the
# name of convolution. In mathematics, and in `scipy.ndimage.convolve`, a convolution lays the kernel on the image
# *turned by half a turn*: its last row first, and in each row its last weight first. For a blur that makes no
# difference. For a kernel that has a left and a right, the answer changes its sign.
#
# Write the convolution of mathematics, with what you have.


# %%
def convolve(image, kernel):
    """The map of an image under the kernel turned by half a turn."""
    ### BEGIN SOLUTION
    return correlate(image, kernel[::-1, ::-1])  # gap
    ### END SOLUTION


slope = np.array([[0.0, 0.0, 0.0], [-1.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
print("cross-correlation at one place:", correlate(image, slope)[5, 9])
print("convolution at the same place: ", convolve(image, slope)[5, 9])

# %% [markdown]
# ## 4 Which edge is it?
#
# A nucleus has outlines on all sides. At its left and right side the outline runs up and down: a *vertical edge*.
# There the brightness changes as you walk along a row, from *left to right*. Books mix this up often, and call the
# kernel by the direction of the change.
#
# Give a kernel of 3 x 3 weights that answers at vertical edges, is silent (0) at horizontal ones, and silent where
# nothing changes.


# %%
def vertical_edges():
    """A kernel (3, 3) that finds where brightness changes from left to right."""
    ### BEGIN SOLUTION
    return np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])  # gap
    ### END SOLUTION


show(correlate(image, vertical_edges()), "the left and right sides of the nuclei")
