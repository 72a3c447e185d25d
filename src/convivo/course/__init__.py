"""The course: lessons, exercises that answer back, and the place where learners' code runs.

* lessons/ holds eleven lessons, a folder each: text, questions, and the facts that its numbers are computed by
* exercises/ holds ten exercises, a folder each: narrative and solution, checks, hints, wrong solutions
* exercise/ reads such a folder, and makes from it what learners and teachers get
* checks.py says what a check asks and answers
* runner/ runs learners' code where it can do no harm
"""
