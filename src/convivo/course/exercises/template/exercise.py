#: For authors. Lines that begin with #: stand before the first cell and are shown to nobody.
#:
#: This is a program in cells: `# %% [markdown]` opens a text, `# %%` code. VS Code, Spyder and Jupyter (with jupytext)
#: open it as it is. It runs from top to bottom: the solution is in it, between ### BEGIN SOLUTION and ### END SOLUTION.
#: The learner gets `raise NotImplementedError("your turn")` instead, or `name = ...` outside functions. So leave `def`
#: and docstring outside the marks. A line that ends with `# gap` is the gap of the rung "fill".
#: The last cell tries out what was written. Keep it short: it runs each time.

# %% [markdown]
# # Stretch the contrast
#
# A camera adds an *offset*: even where no light falls, pixels have a value, often 100. Two images of the same field,
# taken with different cameras, then look different to a net. So before a net sees an image, its values are brought
# into a fixed range.
#
# Write `stretch(image)`: the darkest pixel becomes 0, the brightest 1, and what lies between keeps its place between.

# %%
import numpy as np

from convivo.course import show


def stretch(image):
    """The image (Y, X), with values from 0 to 1."""
    ### BEGIN SOLUTION
    lowest = image.min()
    highest = image.max()
    return (image - lowest) / (highest - lowest)  # gap
    ### END SOLUTION


# %% [markdown]
# Try it on a ramp of five values.

# %%
ramp = np.array([[100.0, 150.0, 200.0, 250.0, 300.0]])
print(stretch(ramp))
show(stretch(ramp), "from 0 to 1")
