"""A model is a method, a net and a card; on disk it is a folder."""

from convivo.model.card import Card, PartScore, Scores, Training
from convivo.model.commit import running_commit
from convivo.model.find import Found, find_model, models
from convivo.model.model import Model, read_card
from convivo.model.store import ModelFolder, Row, Saved, State

__all__ = [
    "Card",
    "Found",
    "Model",
    "ModelFolder",
    "PartScore",
    "Row",
    "Saved",
    "Scores",
    "State",
    "Training",
    "find_model",
    "models",
    "read_card",
    "running_commit",
]
