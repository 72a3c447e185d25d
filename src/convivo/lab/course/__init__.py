"""The course in the lab: lessons and exercises as the page shows them, and the coach, who runs and checks code."""
