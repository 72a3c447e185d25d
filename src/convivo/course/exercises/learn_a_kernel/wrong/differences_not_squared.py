# expect: gaussian
# says: square them

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


# %%
def learn(image, target, size):
    """The kernel (size, size) that turns the image (Y, X) into the target (Y, X), and the loss of each step."""
    half = size // 2
    page = as_page(image)
    layer = nn.Conv2d(1, 1, size, bias=False)
    wanted = as_page(target)[:, :, half:-half, half:-half]
    optimiser = torch.optim.Adam(layer.parameters(), lr=0.1)
    losses = []
    for _ in range(250):
        loss = (layer(page) - wanted).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return layer.weight[0, 0].detach().numpy(), losses


kernel, losses = learn(image, blurred, 5)
show(kernel, "learned")
show(gaussian(5, 1.0), "the kernel that blurred the image")
show(np.array(losses), "loss")

# %%
second, _ = learn(image, ndimage.correlate(image, laplacian, mode="reflect"), 3)
spots = -ndimage.correlate(ndimage.correlate(image, kernel), second)
show(second, "the second kernel, learned")
show(spots, "both layers")


# %%
def taught(image, size):
    """How many of the size * size numbers of a kernel an image (Y, X) can teach."""
    patches = np.lib.stride_tricks.sliding_window_view(image, (size, size)).reshape(-1, size * size)
    return np.linalg.matrix_rank(patches)


flat = np.ones((24, 24))
stripes = np.tile(np.arange(24) % 4, (24, 1))
for name, each in [("flat", flat), ("stripes", stripes), ("nuclei", image)]:
    print(f"{name}: {taught(each, 3)} of 9")


# %%
def teaching_image():
    """One image (Y, X), values from 0 to 1, from which a kernel of 3 x 3 can be learned."""
    return np.random.default_rng(0).random((32, 32))


show(teaching_image(), "my teaching image")
