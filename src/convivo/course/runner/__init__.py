"""Runs learners' code in processes of its own, where it can do no harm."""
