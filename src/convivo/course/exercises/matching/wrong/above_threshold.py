# expect: once
# says: compare by >=
# %% [markdown]
# # Which nuclei did you find?
#
# Your nucleus finder has given back a label image: 0 is background, and every other number is one nucleus. Somebody
# has drawn the true nuclei by hand, in the same way. How good is the finder?
#
# Counting right pixels does not tell: most pixels are background, and two nuclei that were melted into one have
# nearly all their pixels right. So count **nuclei**. You do it in three steps:
#
# 1. How well does each found nucleus cover each true one? (a table of IoU)
# 2. Which of them belong together? (a matching)
# 3. How many are right, invented and missed? (one number, AP)

# %%
import numpy as np
from scipy.optimize import linear_sum_assignment

from convivo.course import show

# %% [markdown]
# ## 1. A table of overlaps
#
# The **intersection** of two objects is the number of pixels that belong to both, their **union** the number of
# pixels that belong to at least one. IoU is intersection / union: 1 where they are the same, 0 where they do not
# touch.
#
# Write `iou_table(truth, found)`: one row for each true nucleus, one column for each found one, both in the order
# of their numbers. The numbers of an image may have gaps (1, 2, 7), and nucleus 2 of one image has nothing to do
# with nucleus 2 of the other.


# %%
def numbers(labels):
    """The numbers of the nuclei in a label image, in order, without the background."""
    return np.unique(labels[labels > 0])


def iou(one, other):
    """IoU of two masks of True and False."""
    intersection = np.sum(one & other)
    union = np.sum(one | other)
    return intersection / union


def iou_table(truth, found):
    table = np.zeros((len(numbers(truth)), len(numbers(found))))
    for row, true_number in enumerate(numbers(truth)):
        for column, found_number in enumerate(numbers(found)):
            table[row, column] = iou(truth == true_number, found == found_number)
    return table


# %% [markdown]
# ## 2. Who belongs to whom
#
# A true and a found nucleus *can* belong together if their IoU reaches the threshold. But each has at most one
# partner: two found pieces of one nucleus are not two right answers.
#
# Write `count_matches(table, threshold)`: the largest number of pairs that can be formed.
# `linear_sum_assignment(possible, maximize=True)` gives rows and columns of the pairs with the largest sum; give it
# a table that is True (which counts as 1) where a pair is possible.


# %%
def count_matches(table, threshold):
    possible = table > threshold
    rows, columns = linear_sum_assignment(possible, maximize=True)
    return int(np.sum(possible[rows, columns]))


# %% [markdown]
# ## 3. One number
#
# Found and matched: true positives, TP. Found without a partner: false positives, FP. True without a partner: false
# negatives, FN. The field calls TP / (TP + FP + FN) *average precision*, AP, or accuracy.
#
# Write `average_precision(truth, found, threshold)`. An image without any nucleus, in which nothing was found, is a
# perfect answer: give back 1.


# %%
def average_precision(truth, found, threshold):
    matched = count_matches(iou_table(truth, found), threshold)
    invented = len(numbers(found)) - matched
    missed = len(numbers(truth)) - matched
    if matched + invented + missed == 0:
        return 1.0
    return matched / (matched + invented + missed)


# %% [markdown]
# ## Try it
#
# Three true nuclei. Nucleus 1 was found a little shifted, nucleus 2 in two pieces, nucleus 3 not at all.

# %%
truth = np.zeros((12, 16), int)
truth[1:5, 1:5] = 1
truth[6:11, 2:8] = 2
truth[2:6, 10:14] = 3

found = np.zeros((12, 16), int)
found[1:5, 2:6] = 4
found[6:11, 2:6] = 5
found[6:11, 6:8] = 9

show(truth, "truth")
show(found, "found")
print(iou_table(truth, found).round(2))
for threshold in (0.3, 0.5, 0.7):
    print("AP at", threshold, "is", round(average_precision(truth, found, threshold), 2))
