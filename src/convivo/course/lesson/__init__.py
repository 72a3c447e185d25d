"""Reads lessons: a folder of text, questions and facts becomes blocks that the page shows. No torch, no numpy."""
