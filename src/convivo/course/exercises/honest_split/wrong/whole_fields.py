# expect: leaks
# says: Fields are kept whole
# %% [markdown]
# # A split without leaks, and a rare class
#
# Your nucleus finder shall now also tell which nuclei divide. You have patches from several plates; about 1 in 30
# shows a dividing nucleus. Two things go wrong here in many papers: the score on validation is too good, because
# validation knows the training images; and the net never says "dividing", because that is so rare.

# %%
import numpy as np

from convivo.course import show

# %% [markdown]
# ## 1. Whole plates
#
# Patches are named by plate, well, field and number, such as `"P2-B07-f3-12"`. Patches of one field show the same
# cells, fields of one well the same treatment, wells of one plate the same day and the same staining. You want to
# know how the net does on a plate that it has never seen. So a plate is either for training or for validation.
#
# Write `plate_of(name)`: the name of the plate, here `"P2"`. Then write `is_validation(names, share, seed)`: a list
# of True and False, one for each name. Mix the different plates by `rng.permutation`; the first of them are for
# validation: the given share of the number of plates, rounded, at least one.


# %%
def plate_of(name):
    return name.split("-")[0]


def is_validation(names, share, seed):
    rng = np.random.default_rng(seed)
    plates = rng.permutation(sorted({name.rsplit("-", 1)[0] for name in names}))
    count = max(1, round(share * len(plates)))
    chosen = set(plates[:count])
    return [name.rsplit("-", 1)[0] in chosen for name in names]


# %% [markdown]
# ## 2. Show what is rare more often
#
# `classes` holds a whole number for each training patch: 0 ordinary, 1 dividing (there may be more). Drawn as they
# come, a net sees hardly any dividing nucleus.
#
# Write `weights(classes)`: how likely each patch is drawn, so that each class is drawn **equally often**. A patch
# of a class with few patches weighs more, and all weights add up to 1. `np.bincount(classes)` counts the patches of
# each class, and `counts[classes]` looks up the count of each patch's own class.
#
# Write `draw(classes, count, seed)`: the indices of so many patches, drawn with these weights. A rare patch has to
# come again and again, so it goes back after each draw: `rng.choice(n, count, p=...)` does that.


# %%
def weights(classes):
    counts = np.bincount(classes)
    inverse = 1 / counts[classes]
    return inverse / inverse.sum()


def draw(classes, count, seed):
    rng = np.random.default_rng(seed)
    return rng.choice(len(classes), count, p=weights(classes))


# %% [markdown]
# ## 3. Undo the bias
#
# A net that sees every second patch dividing believes that every second nucleus divides. Where it is undecided it
# says 0.5, though without looking at the image one should say 1 in 30. Its probabilities are **biased**.
#
# Write `unbiased(probability, share)` for two classes that were drawn equally often, where `share` is how many
# patches truly divide. Each side of the scales gets its true weight back: `probability * share` stands for
# dividing, and `(1 - probability) * (1 - share)` for not. The answer is the first, divided by the sum of both.


# %%
def unbiased(probability, share):
    dividing = probability * share
    not_dividing = (1 - probability) * (1 - share)
    return dividing / (dividing + not_dividing)


# %% [markdown]
# ## 4. Choose without the test
#
# Twelve teams have trained a net each. `validation` and `test` hold their scores. Write `choose(validation, test)`:
# the number of the chosen team (from 0), and the score to report for it. Choose by validation; report the test
# score of that team, whatever it is.


# %%
def choose(validation, test):
    best = int(np.argmax(validation))
    return best, float(test[best])


# %% [markdown]
# ## Try it
#
# First the split: a row for each plate, a column for each of its patches, white for validation. A plate is white or
# black as a whole.

# %%
names = [
    f"P{plate}-{well}-f{field}-{n}"
    for plate in range(6)
    for well in ("A01", "B07")
    for field in (1, 2)
    for n in range(5)
]
show(np.reshape(is_validation(names, 0.3, seed=1), (6, 20)).astype(float), "plates, and who validates")

classes = np.array([0] * 29 + [1] + [0] * 29 + [1])
drawn = draw(classes, 1000, seed=0)
print("dividing patches: as they come", classes.mean().round(3), " as drawn", classes[drawn].mean().round(3))
for said in (0.2, 0.5, 0.9, 0.99):
    print("the net says", said, " which means", round(unbiased(said, 1 / 30), 3))

# %% [markdown]
# Now 12 teams with nets that are all equally good, 0.80; what differs is luck. This is how much better the winner
# looks if the winner is chosen by the test itself, in 2000 such races.

# %%
rng = np.random.default_rng(0)
races = 0.8 + 0.03 * rng.normal(size=(2000, 2, 12))
print("chosen by the test:", races[:, 1].max(axis=1).mean().round(3), " truth: 0.8")
print("chosen by validation:", np.mean([choose(validation, test)[1] for validation, test in races]).round(3))
