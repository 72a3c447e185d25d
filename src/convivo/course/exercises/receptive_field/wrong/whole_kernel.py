# expect: plain
# says: adds kernel less one

# %%
CONV = (3, 1)  # a layer is (kernel, stride): a convolution of 3 x 3
POOL = (2, 2)  # pooling of 2 x 2


# %%
def receptive_field(layers):
    """How many input pixels across one output of the layers [(kernel, stride), ...] sees."""
    field = 1
    step = 1
    for kernel, stride in layers:
        field = field + kernel * step
        step = step * stride
    return field


course_net = [CONV, CONV, POOL, CONV, CONV, POOL, CONV, CONV, POOL, CONV]
print("conv before pooling:", receptive_field([CONV, POOL]))
print("pooling before conv:", receptive_field([POOL, CONV]))
print("ten layers of a course net:", receptive_field(course_net))


# %%
def parameters(layers):
    """Weights and biases of all convolutions, with 16 maps in and 16 maps out."""
    return sum(kernel * kernel * 16 * 16 + 16 for kernel, stride in layers if stride == 1)


without = [CONV] * 64
print("64 convolutions, no pooling:", receptive_field(without), "pixels,", parameters(without), "parameters")

# %%
smallest_net = [CONV, POOL] * 3 + [CONV] * 7

# %%
if smallest_net is not ...:  # once you have written it
    print("yours:", receptive_field(smallest_net), "pixels,", parameters(smallest_net), "parameters")
