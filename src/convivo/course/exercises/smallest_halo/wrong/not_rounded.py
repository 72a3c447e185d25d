# expect: rounding
# says: not rounded
# %% [markdown]
# # The smallest halo without a seam
#
# The slide scanner gives images that do not fit into memory, so your nucleus finder has to work tile by tile. If
# tiles are simply put side by side, nuclei at their borders look wrong: there the net missed what lies beyond.
#
# So each tile is read with a margin, its **halo**, and only the **core** inside is kept. How wide must the halo be
# so that the result equals the answer for the whole image, with a difference of exactly 0?

# %%
import numpy as np
import torch

from convivo.course import show
from convivo.nets.receptive import reach
from convivo.nets.unet import UNet, UNetSize

# %% [markdown]
# ## The net
#
# `small_unet` makes a U-Net with random weights. They are 0 and 1, and images hold small whole numbers, so the
# computer makes no rounding errors, and a difference of 0 really means the same. With `depth` poolings, each of
# which takes 2 x 2 pixels together, the net groups pixels in squares of side `2 ** depth`: this is its **factor**.
#
# Like any net, it wants its image *normalised*: here the darkest pixel becomes 0.


# %%
def small_unet(depth=2, convolutions=2, seed=0):
    torch.manual_seed(seed)
    net = UNet(UNetSize(filters=2, depth=depth, convolutions=convolutions)).double().eval()
    with torch.no_grad():
        for weights in net.parameters():
            weights.copy_(torch.randint(0, 2, weights.shape))
        net.head.weight.fill_(1)
    return net


def normalise(image):
    return image - image.min()


def ask(net, image):
    """What the net says of a normalised image (Y, X); both sides must be multiples of its factor."""
    with torch.no_grad():
        return net(torch.from_numpy(image.astype(np.float64))[None, None])[0, 0].numpy()


# %% [markdown]
# ## 1. From reach to halo
#
# The **reach** is how far a net sees to one side of a pixel. The halo must be at least that wide. And it must be a
# multiple of the factor: else a tile begins in the middle of a group of pixels, and its poolings group other pixels
# than those of the whole image.
#
# Write `round_up(reach, factor)`: the smallest multiple of `factor` that is not below `reach`.


# %%
def round_up(reach, factor):
    return reach


# %% [markdown]
# ## 2. Where tiles lie
#
# Write `spans(length, tile, halo)` for one axis. Cores follow one another from 0 to `length`, each `tile` long (the
# last may be shorter). Each is read with a halo on both sides, but not beyond the image: there the net pads with
# zeros, as it does for the whole image. Give back a list of four numbers for each tile: `[read_first, read_last,
# core_first, core_last]`, where "last" is the first pixel that no longer belongs to it.


# %%
def spans(length, tile, halo):
    found = []
    for first in range(0, length, tile):
        last = min(first + tile, length)
        read_first, read_last = max(0, first - halo), min(length, last + halo)
        found.append([read_first, read_last, first, last])
    return found


# %% [markdown]
# ## 3. Tile by tile
#
# Write `tiled(net, image, tile, halo)`: normalise the image once, as a whole. Then ask the net for what each tile
# reads, and keep its core. Nothing is averaged: a core pixel is right, and a halo pixel is not.


# %%
def tiled(net, image, tile, halo):
    whole, result = normalise(image), np.zeros(image.shape)
    for top, bottom, y_first, y_last in spans(image.shape[0], tile, halo):
        for left, right, x_first, x_last in spans(image.shape[1], tile, halo):
            answer = ask(net, whole[top:bottom, left:right])
            core = answer[y_first - top : y_last - top, x_first - left : x_last - left]
            result[y_first:y_last, x_first:x_last] = core
    return result


# %% [markdown]
# ## 4. Try it out, and see whether theory holds
#
# Write `smallest_halo(net, image, tile, factor)`: try the halos 0, `factor`, 2 `factor`, ... and give back the
# first whose result equals the answer for the whole image everywhere.


# %%
def smallest_halo(net, image, tile, factor):
    whole = ask(net, normalise(image))
    for halo in range(0, max(image.shape), factor):
        difference = np.abs(tiled(net, image, tile, halo) - whole).max()
        if difference == 0:
            return halo


# %% [markdown]
# ## Look
#
# The seams become fainter with a wider halo, and they are gone at once when it reaches as far as the net.

# %%
net = small_unet(depth=2)
image = np.random.default_rng(0).integers(10, 14, (64, 64))
whole = ask(net, normalise(image))
for halo in (0, 8, 16, 24):
    difference = np.abs(tiled(net, image, 32, halo) - whole)
    wrong = int((difference > 0).sum())
    print(f"halo {halo}: {wrong} wrong pixels, the largest difference is {difference.max():.3g}")
    show(np.log1p(difference), f"difference with halo {halo}")
seen = reach(net)[0]
print(
    f"reach {seen}, rounded up {round_up(seen, 4)}; the smallest halo is {smallest_halo(net, image, 32, 4)}"
)

# %% [markdown]
# Rounding up is always enough. For some nets one step less happens to be enough too, as cores begin with a whole
# group of pixels, and the first pixel of a group need not be the one that sees farthest. Look at
# `small_unet(depth=1)`, whose reach is 9. Tiling code that knows nothing but the reach rounds up.
