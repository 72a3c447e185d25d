# expect: knobs
# says: threw pixels away before the sums

# %%
import numpy as np

from convivo.course import show
from convivo.ops.simulate import Microscope, Scene, simulate

field = simulate(Scene(shape=(40, 48), nuclei=4, diameter=14), Microscope(), seed=3)
image = field.image.astype(float)
show(image, "four simulated nuclei")


# %%
def correlate(image, kernel):
    """The map (places along Y, places along X) of an image (Y, X) under a kernel (rows, columns)."""
    rows, columns = np.shape(kernel)
    height, width = image.shape[0] - rows + 1, image.shape[1] - columns + 1
    out = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            out[y, x] = np.sum(image[y : y + rows, x : x + columns] * kernel)
    return out


blur = np.full((5, 5), 1 / 25)
show(correlate(image, blur), "each pixel is the mean of 25")


# %%
def layer(image, kernel, padding, stride):
    """The map of a convolutional layer: zeros around the image, then a sum at every stride-th place."""
    padded = np.pad(image, padding)
    return correlate(padded[::stride, ::stride], kernel)


show(layer(image, blur, 2, 2), "padding 2, stride 2: half as many pixels each way")


# %%
def convolve(image, kernel):
    """The map of an image under the kernel turned by half a turn."""
    return correlate(image, kernel[::-1, ::-1])


slope = np.array([[0.0, 0.0, 0.0], [-1.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
print("cross-correlation at one place:", correlate(image, slope)[5, 9])
print("convolution at the same place: ", convolve(image, slope)[5, 9])


# %%
def vertical_edges():
    """A kernel (3, 3) that finds where brightness changes from left to right."""
    return np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


show(correlate(image, vertical_edges()), "the left and right sides of the nuclei")
