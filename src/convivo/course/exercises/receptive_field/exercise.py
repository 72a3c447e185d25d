# %% [markdown]
# # How far a net sees
#
# My nucleus finder says of each pixel how far it is to the border of its nucleus. It can only know that where it *sees*
# the border. From the middle of a nucleus that is 60 pixels wide the border is 30 pixels away, so an output pixel has
# to look at a square of at least 60 pixels.
#
# How large that square is, the *receptive field*, follows from the layers alone. You can compute it before you train
# anything, and save yourself the week in which a net cannot learn what it cannot see.

# %%
CONV = (3, 1)  # a layer is (kernel, stride): a convolution of 3 x 3
POOL = (2, 2)  # pooling of 2 x 2

# %% [markdown]
# ## 1 The field of a given net
#
# Walk along one axis; the other is the same. At the beginning a pixel sees itself: the field is 1, and neighbours
# stand 1 pixel apart. This distance is called the *step*.
#
#     input          . . . . . . . .
#     after pooling  o   o   o   o
#
# Behind a pooling of 2 x 2, neighbours stand 2 input pixels apart.
#
# A layer joins as many neighbours as its kernel is wide. The first sees what it saw before; each of the others adds
# one step to the field. And a layer with a stride leaves out places, so that behind it neighbours stand further
# apart: the step grows by the factor of the stride.
#
# In this order: what a layer joins stands apart by the step *before* it.


# %%
def receptive_field(layers):
    """How many input pixels across one output of the layers [(kernel, stride), ...] sees."""
    ### BEGIN SOLUTION
    field = 1
    step = 1
    for kernel, stride in layers:
        field = field + (kernel - 1) * step  # gap
        step = step * stride  # gap
    return field
    ### END SOLUTION


course_net = [CONV, CONV, POOL, CONV, CONV, POOL, CONV, CONV, POOL, CONV]
print("conv before pooling:", receptive_field([CONV, POOL]))
print("pooling before conv:", receptive_field([POOL, CONV]))
print("ten layers of a course net:", receptive_field(course_net))

# %% [markdown]
# Does the net with ten layers see the border of a nucleus 60 pixels wide from its middle? And of one 40 pixels wide?
#
# ## 2 A field of 128 with the fewest parameters
#
# Your nuclei are large: an output pixel shall see *at least* 128 pixels across. More is allowed, less is not. Every
# weight costs training data and time, so build the net with the fewest parameters. These are the rules:
#
# * The layers are convolutions of 3 x 3, 5 x 5 or 7 x 7 with stride 1, and poolings of 2 x 2 with stride 2.
# * At most three poolings, as behind three of them a small nucleus is a single pixel.
# * Before each pooling stands a convolution, so that what is thrown away has been looked at.
# * Each convolution turns 16 maps into 16: kernel x kernel x 16 x 16 weights and 16 biases. Pooling costs nothing.


# %%
def parameters(layers):
    """Weights and biases of all convolutions, with 16 maps in and 16 maps out."""
    return sum(kernel * kernel * 16 * 16 + 16 for kernel, stride in layers if stride == 1)


without = [CONV] * 64
print("64 convolutions, no pooling:", receptive_field(without), "pixels,", parameters(without), "parameters")

# %%
### BEGIN SOLUTION
smallest_net = [CONV, POOL] * 3 + [CONV] * 7  # gap
### END SOLUTION

# %%
if smallest_net is not ...:  # once you have written it
    print("yours:", receptive_field(smallest_net), "pixels,", parameters(smallest_net), "parameters")
