"""What learners and teachers take away from an exercise: a program, a notebook, a handout, an answer key."""
