"""Grades a folder of handed-in programs and notebooks; one that is broken does not stop the others."""
