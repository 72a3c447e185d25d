"""One person's workbench in the browser: explorables, and work on one's own images.

server process      Starlette: gate, page, pictures, jobs; never imports torch, so that it starts in a moment
worker process      whatever says "the net": reads images, asks nets, answers with arrays
job processes       trainings and predictions, one after the other; they outlive a reload of the page
"""
