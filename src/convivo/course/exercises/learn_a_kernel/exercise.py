# %% [markdown]
# # Learn a kernel
#
# The kernels of my nucleus finder are chosen by nobody. They begin as random numbers, and pairs of images pull them
# into shape: this is what goes in, that is what shall come out.
#
# Here the smallest net of all learns: one layer, one kernel, one pair of images. You know the kernel that made the
# second image from the first, so you can see whether it is found. Then you turn the question round, and ask which
# images cannot teach a kernel at all. That is the question to ask of your own training data.

# %%
import numpy as np
import torch
from scipy import ndimage
from torch import nn

from convivo.course import show
from convivo.ops.simulate import Microscope, Scene, simulate


def nuclei(seed):
    """A sharp, noisy image (Y, X) of simulated nuclei; its mean is 0, its standard deviation 1."""
    scene = Scene(shape=(32, 32), nuclei=3, diameter=12)
    image = simulate(scene, Microscope(blur=0.5, photons=15), seed=seed).image.astype(float)
    return (image - image.mean()) / image.std()


def as_page(image):
    """An image (Y, X) as torch wants it: (1 image, 1 channel, Y, X)."""
    return torch.tensor(np.asarray(image), dtype=torch.float32)[None, None]


def gaussian(size, sigma):
    """A Gaussian kernel (size, size) whose weights sum to 1."""
    away = np.arange(size) - size // 2
    line = np.exp(-(away**2) / (2 * sigma**2))
    return np.outer(line, line) / line.sum() ** 2


laplacian = np.array([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]])
image = nuclei(seed=1)
blurred = ndimage.correlate(image, gaussian(5, 1.0), mode="reflect")
show(image, "goes in")
show(blurred, "shall come out")

# %% [markdown]
# ## 1 A layer learns
#
# A step of learning: let the layer answer, measure how far the answer is from what is wanted (the *loss*: the mean of
# the squared differences), ask in which direction each weight must go (`backward`), and let the optimiser go there
# (`step`). Torch *adds* new gradients to old ones, so clear them in every step (`zero_grad`).
#
# Two choices are yours: the learning rate and the number of steps. And there is one trap: the layer has no padding,
# so its map is smaller than the target, by `half` on each side. Compare it with the part of the target that it
# stands for.


# %%
def learn(image, target, size):
    """The kernel (size, size) that turns the image (Y, X) into the target (Y, X), and the loss of each step."""
    half = size // 2
    page = as_page(image)
    layer = nn.Conv2d(1, 1, size, bias=False)
    ### BEGIN SOLUTION
    wanted = as_page(target)[:, :, half:-half, half:-half]  # gap
    optimiser = torch.optim.Adam(layer.parameters(), lr=0.1)
    losses = []
    for _ in range(250):
        loss = ((layer(page) - wanted) ** 2).mean()  # gap
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    ### END SOLUTION
    return layer.weight[0, 0].detach().numpy(), losses


kernel, losses = learn(image, blurred, 5)
show(kernel, "learned")
show(gaussian(5, 1.0), "the kernel that blurred the image")
show(np.array(losses), "loss")

# %% [markdown]
# ## A second layer
#
# Your code knows nothing of blurring. Give it another target, and it learns another kernel: the *Laplacian*, which
# takes four times the pixel from the sum of its four neighbours. It is dark inside a bright spot and bright around
# it. One layer behind the other, the blur and then the Laplacian with its sign turned round, are the spot finder that
# microscopists used long before there were nets (*Laplacian of Gaussian*).

# %%
second, _ = learn(image, ndimage.correlate(image, laplacian, mode="reflect"), 3)
spots = -ndimage.correlate(ndimage.correlate(image, kernel), second)
show(second, "the second kernel, learned")
show(spots, "both layers")

# %% [markdown]
# ## 2 How much does an image teach?
#
# A kernel of 3 x 3 is nine unknown numbers. Each patch of the training image gives one equation for them: patch times
# kernel, summed, is the target's pixel. Equations help only if they say something new. Patches that are all the same,
# or sums and multiples of each other, do not.
#
# How many of the equations say something new is the *rank* of the table of all patches, one patch a row. Give the
# number of directions that an image teaches: 9 of 9 is everything, 1 of 9 is nearly nothing.


# %%
def taught(image, size):
    """How many of the size * size numbers of a kernel an image (Y, X) can teach."""
    ### BEGIN SOLUTION
    patches = np.lib.stride_tricks.sliding_window_view(image, (size, size)).reshape(-1, size * size)
    return np.linalg.matrix_rank(patches)  # gap
    ### END SOLUTION


flat = np.ones((24, 24))
stripes = np.tile(np.arange(24) % 4, (24, 1))
for name, each in [("flat", flat), ("stripes", stripes), ("nuclei", image)]:
    print(f"{name}: {taught(each, 3)} of 9")

# %% [markdown]
# ## 3 Be the teacher
#
# Somebody has a secret kernel of 3 x 3 weights. You may send *one* image, and get it back filtered. Which image lets
# you find the kernel, whatever it is? It may have up to 64 x 64 pixels, with values from 0 to 1.
#
# On a flat image the loss falls to 0 at once, and the kernel is wrong all the same. So a small loss says that the net
# agrees with the images you showed. It says nothing of what these images do not hold: nuclei that touch, another
# staining, an edge of a kind that never occurred.


# %%
def teaching_image():
    """One image (Y, X), values from 0 to 1, from which a kernel of 3 x 3 can be learned."""
    ### BEGIN SOLUTION
    return np.random.default_rng(0).random((32, 32))  # gap
    ### END SOLUTION


show(teaching_image(), "my teaching image")
