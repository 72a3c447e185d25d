"""Reads an exercise's folder, and makes from it what learners and teachers get."""
