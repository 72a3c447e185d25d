"""Doubt: one file for each question that a sceptic asks, and findings that say what was measured and what to do."""

from convivo.doubt.check import Check, DataCheck, DataSet, ImageCheck, ModelCheck
from convivo.doubt.finding import (
    Finding,
    Level,
    findings_from_info,
    findings_from_json,
    findings_to_info,
    findings_to_json,
    level_of,
    worst,
    worst_first,
)

__all__ = [
    "Check",
    "DataCheck",
    "DataSet",
    "Finding",
    "ImageCheck",
    "Level",
    "ModelCheck",
    "findings_from_info",
    "findings_from_json",
    "findings_to_info",
    "findings_to_json",
    "level_of",
    "worst",
    "worst_first",
]
