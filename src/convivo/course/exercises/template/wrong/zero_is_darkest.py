# expect: negative
# says: With values below 0

# %%
import numpy as np

from convivo.course import show


def stretch(image):
    """The image (Y, X), with values from 0 to 1."""
    image = np.maximum(image, 0)
    lowest = image.min()
    highest = image.max()
    return (image - lowest) / (highest - lowest)


# %%
ramp = np.array([[100.0, 150.0, 200.0, 250.0, 300.0]])
print(stretch(ramp))
show(stretch(ramp), "from 0 to 1")
