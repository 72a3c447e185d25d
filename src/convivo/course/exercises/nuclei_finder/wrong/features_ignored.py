# expect: features
# says: give it on to convivo.new as filters
# %% [markdown]
# # My nuclei finder: U-Net, then StarDist
#
# Everything comes together: images with masks, a net, a training, a score. This is the long exercise, made for two
# people at one keyboard. One types, the other reads aloud what comes next; change places after each step.
#
# You build six small pieces. With the last one you train a U-Net, then a StarDist net, choose how many features
# they have on **validation** images, and look at the **test** images once.
#
# As long as `MINUTES` is 0, only the pieces are tried out, in a few seconds. Set it to 5 when all checks pass.

# %%
import os

import numpy as np
import optuna

import convivo
from convivo.ops.scores import pooled
from convivo.ops.simulate import Microscope, Scene, simulate_many
from convivo.types import Annotated, Image

MINUTES = 0  # of training for each net; 0 tries the pieces out
FEATURES = [4, 8, 16, 32]  # what the number of features may be
optuna.logging.set_verbosity(optuna.logging.WARNING)

# %% [markdown]
# ## What is given
#
# `read_data` reads the folder of images and masks that the lab offers, or makes practice images: fields of view,
# each cut into two halves. `of_part` picks the images of one part, `together` puts two parts side by side for a
# training, and `predict` asks a model for the objects in every image.


# %%
def as_pairs(images, masks, fields):
    """Images and masks with the field from which each comes, as convivo holds them."""
    return convivo.Pairs(
        tuple(
            Annotated(Image(image[None], "CYX", f"{field}, image {number}"), mask, field)
            for number, (image, mask, field) in enumerate(zip(images, masks, fields))
        ),
        parts={},
    )


def practice_data(count=5):
    """Simulated fields, each cut into a left and a right half."""
    scene = Scene(shape=(96, 192), nuclei=12, diameter=16)
    images, masks, fields = [], [], []
    for number, picture in enumerate(simulate_many(count, scene, Microscope(), seed=0)):
        for half in (slice(0, 96), slice(96, 192)):
            images.append(picture.image[:, half])
            masks.append(picture.labels[:, half])
            fields.append(f"field {number}")
    return as_pairs(images, masks, fields)


def read_data():
    """The images of the folder that the lab offers, else practice images."""
    folder = os.environ.get("CONVIVO_DATA")
    return convivo.open_pairs(folder) if folder else practice_data()


def of_part(pairs, parts, wanted):
    """The images whose part is the wanted one."""
    chosen = [each for each, part in zip(pairs.data, parts) if part == wanted]
    return convivo.Pairs(tuple(chosen), parts={})


def together(training, validation):
    """Both parts for one training: convivo learns from "train" and keeps the weights that are best on "validation"."""
    parts = {each.name: "train" for each in training.data} | {
        each.name: "validation" for each in validation.data
    }
    return convivo.Pairs(training.data + validation.data, parts)


def predict(model, pairs):
    """Labels of the objects that the model finds in each image."""
    return [model.predict(each.image, engine="torch").labels for each in pairs.data]


def masks_of(pairs):
    """The true labels of each image."""
    return [each.labels for each in pairs.data]


# %% [markdown]
# ## 1. Three parts
#
# **Training** images teach the net. **Validation** images choose between nets. **Test** images say, at the end, how
# good the chosen one is. Images of one field resemble each other, so a field goes into one part as a whole.
#
# Write `split(fields, seed)`. `fields` names the field of each image, such as `["a", "a", "b", "c"]`. Mix the
# different fields by `np.random.default_rng(seed).permutation`. The first fifth of them (rounded, at least one)
# becomes "test", the next fifth "validation", all others "training". Give back the part of each image, in a list.


# %%
def split(fields, seed=0):
    mixed = np.random.default_rng(seed).permutation(sorted(set(fields)))
    fifth = max(1, round(len(mixed) / 5))
    part_of = {field: "training" for field in mixed}
    part_of |= {field: "test" for field in mixed[:fifth]}
    part_of |= {field: "validation" for field in mixed[fifth : 2 * fifth]}
    return [part_of[field] for field in fields]


# %% [markdown]
# ## 2. A net with so many features
#
# The number of **features** is how many maps the first level of the net has; each level below has twice as many.
# More features can tell more things apart, and cost more time.
#
# Write `new_model(method, features, pairs, seed)`, where `method` is "unet" or "stardist". It gives back
# `convivo.new(method, pairs, filters=..., seed=...)`. Then write `count_weights(model)`: how many numbers the net
# learns. `model.net.parameters()` goes through its arrays, and each has `.numel()` numbers.


# %%
def new_model(method, features, pairs, seed=0):
    return convivo.new(method, pairs, filters=16, seed=seed)


def count_weights(model):
    return sum(weights.numel() for weights in model.net.parameters())


# %% [markdown]
# ## 3. Average precision of many images
#
# A found nucleus is right if it matches a true one with an IoU of at least 0.5. Over all images together, AP = TP /
# (TP + FP + FN).
#
# Write `average_precision(truths, found)` for two lists of label images. `convivo.score(truth, labels, [0.5])`
# gives a list with one result, which holds the counts of one image; `pooled(results)` adds the counts of many
# results, and its `.accuracy` is the AP. Do not take the mean of the AP of each image: one nucleus in an almost
# empty image would then count as much as a hundred in a full one.


# %%
def average_precision(truths, found):
    results = [convivo.score(truth, labels, [0.5])[0] for truth, labels in zip(truths, found)]
    return pooled(results).accuracy


# %% [markdown]
# ## 4. Train, and score on validation
#
# `convivo.train(model, pairs, config)` does nothing by itself: it gives one step after the other, and you walk
# through them with a `for` loop. `train` is given. It learns for so many minutes or, where these are 0, for so many
# steps. (A training of 5 minutes takes up to a quarter longer: at the end convivo tries the model on altered
# images.)
#
# Write `validation_score(method, features, training, validation, minutes, steps)`: make a new model for the training
# images, `train` it, and give back its average precision on the images that choose: `masks_of(validation)` against
# `predict(model, validation)`.


# %%
def train(model, training, validation, minutes=0.0, steps=60):
    config = convivo.TrainConfig(minutes=minutes) if minutes else convivo.TrainConfig(steps=steps, patch=64)
    for step in convivo.train(model, together(training, validation), config):
        if step.validation is not None and minutes:
            print(
                f"{step.seconds:4.0f} s   loss {step.loss:.3f}   validation {step.validation:.3f}", flush=True
            )
    return model


def validation_score(method, features, training, validation, minutes=0.0, steps=60):
    model = new_model(method, features, training)
    train(model, training, validation, minutes, steps)
    return average_precision(masks_of(validation), predict(model, validation))


# %% [markdown]
# ## 5. Let Optuna choose
#
# Optuna tries out values and keeps account. `study.optimize(objective, n_trials=trials)` calls `objective(trial)`
# again and again; `trial.suggest_categorical("features", FEATURES)` is the value to try, and what `objective` gives
# back is its score. At the end `study.best_params["features"]` is the choice.
#
# Write `tune(score, trials, seed)`, where `score(features)` gives the validation score of a number of features. Give
# back the best number, and the list of what was tried: `[[features, score], ...]`. A study looks for the *lowest*
# score if it is not told otherwise. There are only four numbers to try, so let each have its turn:
# `sampler=optuna.samplers.GridSampler({"features": FEATURES}, seed=seed)`. (Where there are many settings, leave the
# sampler out: then Optuna tries more values near those that were good.)


# %%
def tune(score, trials, seed=0):
    tried = []

    def objective(trial):
        features = trial.suggest_categorical("features", FEATURES)
        tried.append([features, score(features)])
        return tried[-1][1]

    sampler = optuna.samplers.GridSampler({"features": FEATURES}, seed=seed)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=trials)
    return study.best_params["features"], tried


def stand_in(best):
    """A score for trying out `tune` without any training: 1 at `best`, and less on either side."""
    return lambda features: 1 - 0.2 * abs(float(np.log2(features / best)))


# %% [markdown]
# ## 6. The sealed test
#
# Whoever looks at the test score, changes something and looks again has made validation images of the test images.
# So seal them. A `SealedTest` holds the true labels. The first call of `reveal(found)` gives the average precision.
# Every further call raises `RuntimeError("The test was revealed before.")`.


# %%
class SealedTest:
    def __init__(self, truths):
        self.truths = truths
        self.revealed = False

    def reveal(self, found):
        if self.revealed:
            raise RuntimeError("The test was revealed before.")
        self.revealed = True
        return average_precision(self.truths, found)


def reveal(sealed, found):
    """The same as a function, for the checks."""
    return sealed.reveal(found)


# %% [markdown]
# ## All together
#
# First the U-Net, then StarDist: each is tuned on validation, trained with the best number of features, and asked
# for the validation images. Otsu's threshold with connected components, which needs no training, stands beside
# them.


# %%
def otsu(image):
    """Objects without any learning: smooth, threshold, number the connected parts of at least 20 pixels."""
    from scipy import ndimage
    from skimage.filters import gaussian, threshold_otsu

    smooth = gaussian(image.astype(float), 1)
    labels = ndimage.label(smooth > threshold_otsu(smooth))[0]
    return np.where(np.bincount(labels.ravel())[labels] >= 20, labels, 0)


def find_nuclei(method, training, validation, minutes, trials=4):
    """The trained model of a method, with the number of features that was best on validation."""
    best, tried = tune(
        lambda features: validation_score(method, features, training, validation, minutes / 5), trials
    )
    for features, score in tried:
        print(f"{method} with {features} features: {score:.3f} on validation")
    model = new_model(method, best, training)
    print(f"{method}: {best} features are best, {count_weights(model):,} weights")
    return train(model, training, validation, minutes)


# %%
data = read_data()
parts = split([each.group for each in data.data])
training, validation, test = (of_part(data, parts, part) for part in ("training", "validation", "test"))
print(len(training.data), "images train,", len(validation.data), "choose,", len(test.data), "test")
found = [otsu(each.image.array[0]) for each in validation.data]
print("Otsu on validation:", round(average_precision(masks_of(validation), found), 3))
print(
    "weights with 4 and with 8 features:",
    [count_weights(new_model("unet", features, training)) for features in (4, 8)],
)
print("tuned on a stand-in that is best at 16:", tune(stand_in(16), trials=4)[0])

# %% [markdown]
# From here on it takes its time: about ten minutes for each net, with `MINUTES = 5`. StarDist needs no new code: it
# is a net of another method, and everything else stays as it is.

# %%
if MINUTES:
    finders = {}
    for method in ("unet", "stardist"):
        finders[method] = find_nuclei(method, training, validation, MINUTES)
        print(
            method,
            "on validation:",
            average_precision(masks_of(validation), predict(finders[method], validation)),
        )

# %% [markdown]
# Which of the two do you take? Write its name below, by its score on **validation**. The test is revealed once, and
# what it says is the number for your paper.

# %%
CHOSEN = "stardist"
if MINUTES:
    sealed = SealedTest(masks_of(test))
    print("test:", sealed.reveal(predict(finders[CHOSEN], test)))
