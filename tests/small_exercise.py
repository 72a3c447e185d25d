"""A small exercise of three checks, written into a folder."""

PROGRAM = '''# %% [markdown]
# # Twice
#
# A weight of 2.

# %%
import numpy as np


def double(image):
    """Twice the image."""
    ### BEGIN SOLUTION
    weight = 2
    return weight * image  # gap
    ### END SOLUTION


# %%
print(double(np.arange(3)))

# %%
def halve(image):
    """Half of it."""
    ### BEGIN SOLUTION
    return image / 2  # gap
    ### END SOLUTION


# %%
### BEGIN SOLUTION
answer = double(21)
### END SOLUTION

# %%
print(answer)
'''
CHECKS = """
from convivo.course.checks import Check, Panel, compared, said


def twice(yours, ours, rng):
    image = rng.normal(size=(8, 8))
    return compared(
        yours.call("double", image, seconds=1.0),
        ours.call("double", image),
        given=Panel("input", image),
        right="Every pixel is twice as bright.",
        wrong="Not every pixel is twice as bright.",
    )


def half(yours, ours, rng):
    image = rng.normal(size=(8, 8))
    found, truth = yours.call("halve", image, seconds=1.0), ours.call("halve", image)
    return compared(found, truth, given=None, right="Half.", wrong="Not half.")


def answer(yours, ours, rng):
    return said(yours.value("answer"), 42, given=None, right="It is 42.", wrong="It is not 42.")


CHECKS = [Check("twice", "Doubled", twice, 2), Check("half", "Halved", half), Check("answer", "Answered", answer)]
"""
TOML = """
title = "Twice"
summary = "A function that doubles."
minutes = 5
provides = ["double(image)", "halve(image)", "answer"]
rungs = ["predict", "parsons", "fill", "free"]
limits = { cpu = 1, wall = 3, memory = 400 }
[predict]
question = "What is twice 21?"
options = [{ text = "42", because = "So it is.", right = true }, { text = "23", because = "That is 2 more." }]
[parsons]
distractors = ["    return weight + image"]
"""
HINTS = "".join(
    f"## {check}\n### 1\nLook.\n### 2\nThink.\n### 3\nWrite.\n" for check in ("twice", "half", "answer")
)
WRONG = "# expect: twice\n# says: Not every pixel\ndef double(image):\n    return image + 2\n"
RIGHT = "def double(image):\n    return 2 * image\n\ndef halve(image):\n    return image / 2\n\nanswer = 42\n"


def write_small_exercise(folder):
    """The folder's path."""
    made = folder / "twice"
    (made / "wrong").mkdir(parents=True)
    files = {
        "exercise.py": PROGRAM,
        "checks.py": CHECKS,
        "exercise.toml": TOML,
        "hints.md": HINTS,
        "wrong/plus.py": WRONG,
    }
    for name, text in files.items():
        (made / name).write_text(text, encoding="utf-8")
    return made
