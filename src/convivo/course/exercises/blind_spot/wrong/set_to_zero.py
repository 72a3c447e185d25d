# expect: neighbours
# says: nowhere in the image
# %% [markdown]
# # A pixel that may not see itself
#
# Your nucleus finder has trouble with dim images, because they are noisy, and nobody has clean images of the same
# cells. Noise2Void needs none. Hide a pixel, and ask a net to tell it from its surroundings. The signal of a pixel
# resembles that of its neighbours; its noise does not, if the noise of each pixel is its own. So all that the net
# can learn is the signal.
#
# This only works as long as the net cannot see the pixel that it is asked for. You write the hiding.

# %%
import numpy as np
import torch
from torch import nn

from convivo.course import show
from convivo.ops.simulate import Microscope, Scene, simulate

# %% [markdown]
# ## 1. Which pixels
#
# Write `choose(shape, count, seed)`: an array of True and False of this shape, True at exactly `count` pixels, each
# pixel as likely as any other. `rng.choice(n, count, replace=False)` draws `count` different numbers below `n`.


# %%
def choose(shape, count, seed):
    rng = np.random.default_rng(seed)
    mask = np.zeros(shape, bool)
    numbers = rng.choice(mask.size, count, replace=False)
    mask.flat[numbers] = True
    return mask


# %% [markdown]
# ## 2. What is shown instead
#
# Write `hide(noisy, mask, seed)`: a new image in which each hidden pixel shows the value of one of its 8
# neighbours, drawn at random. Three rules:
#
# * never the pixel's own value;
# * the neighbour as it was in the noisy image, whether or not it is hidden too;
# * at the edge of the image only neighbours inside it.
#
# The noisy image itself stays as it is.


# %%
def hide(noisy, mask, seed):
    rng = np.random.default_rng(seed)
    height, width = noisy.shape
    shown = noisy.copy()
    for y, x in np.argwhere(mask):
        choices = [(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if (dy, dx) != (0, 0)]
        choices = [(row, column) for row, column in choices if 0 <= row < height and 0 <= column < width]
        shown[y, x] = 0
    return shown


def training_pair(noisy, count, seed):
    """What the net is shown, what it should say, and where it is asked."""
    mask = choose(noisy.shape, count, seed)
    shown = hide(noisy, mask, seed)
    return shown, noisy, mask


# %% [markdown]
# ## 3. Where the net is asked
#
# Write `blind_loss(predicted, target, mask)`: the mean squared difference of prediction and target, at the hidden
# pixels alone. `values[mask]` are the values where the mask is True.


# %%
def blind_loss(predicted, target, mask):
    return ((predicted - target)[mask] ** 2).mean()


# %% [markdown]
# ## The net
#
# One convolution, 5 x 5, is net enough to see what happens: what it learns is a kernel that one can look at. (A
# U-Net learns more, by the same three functions.) `learn` is given. It uses yours, with new pixels hidden in each
# step.


# %%
def learn(noisy, steps=80, seed=0):
    """The kernel (5, 5) that was learned, and the loss of each step."""
    torch.manual_seed(seed)
    net = nn.Conv2d(1, 1, 5, padding=2, padding_mode="reflect", bias=False)
    nn.init.constant_(net.weight, 1 / 25)
    optimiser = torch.optim.Adam(net.parameters(), lr=0.04)
    losses = []
    for step in range(steps):
        shown, target, mask = training_pair(noisy, noisy.size // 25, seed + step)
        predicted = net(torch.from_numpy(shown.astype(np.float32))[None, None])[0, 0]
        loss = blind_loss(predicted, torch.from_numpy(target.astype(np.float32)), torch.from_numpy(mask))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return net.weight.detach().numpy()[0, 0], np.array(losses)


def denoise(noisy, kernel):
    """The noisy image through the net; now nothing is hidden."""
    padded = torch.from_numpy(np.pad(noisy, 2, mode="reflect").astype(np.float32))[None, None]
    return nn.functional.conv2d(padded, torch.from_numpy(kernel)[None, None]).numpy()[0, 0]


# %% [markdown]
# ## Try it
#
# The noise has the variance 0.04. Watch two things. The loss settles near 0.04 and not at 0, and nothing is wrong:
# the target is as noisy as before, and noise cannot be foretold. And the kernel gives little weight to its middle.

# %%
picture = simulate(Scene(shape=(48, 48), nuclei=3, diameter=20, texture=0.05), Microscope(), seed=3).clean
clean = (picture - picture.min()) / (picture.max() - picture.min())
noisy = clean + np.random.default_rng(0).normal(0, 0.2, clean.shape)

kernel, losses = learn(noisy)
restored = denoise(noisy, kernel)
show(noisy, "noisy")
show(restored, "restored, without any clean image")
show(kernel, "the learned kernel")
print("loss at the end:", losses[-30:].mean().round(3), "  variance of the noise: 0.04")
print("distance from the clean image: noisy", ((noisy - clean) ** 2).mean().round(4), end=", ")
print("restored", ((restored - clean) ** 2).mean().round(4))

# %% [markdown]
# Now the noise runs along the rows, as that of some cameras does: all pixels of a row are too bright or too dark
# together. The neighbours tell the noise of a hidden pixel. What becomes of the stripes?

# %%
striped = clean + np.random.default_rng(0).normal(0, 0.2, (len(clean), 1))
kernel, losses = learn(striped)
show(striped, "noise along rows")
show(denoise(striped, kernel), "restored: the stripes are still there")
show(kernel, "the kernel looks along the row")
