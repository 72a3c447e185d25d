"""A model is a method, a net and a card; on disk it is a folder."""

from convivo.model.card import Card, PartScore, Scores, TargetScale, Training
from convivo.model.commit import running_commit
from convivo.model.examples import Example, first_page
from convivo.model.files import read_card
from convivo.model.find import Found, find_model, models
from convivo.model.model import Model
from convivo.model.store import ModelFolder, Row, Saved, State

__all__ = [
    "Card",
    "Example",
    "Found",
    "Model",
    "ModelFolder",
    "PartScore",
    "Row",
    "Saved",
    "Scores",
    "State",
    "TargetScale",
    "Training",
    "find_model",
    "first_page",
    "models",
    "read_card",
    "running_commit",
]
