"""Long work: a queue of orders, each carried out in a process of its own, one after the other.

page ── orders ──> server (running.py) ── order, "stop" ──> job process (process.py) ──> work/
page <── news ──── server <──────────── events, as JSON lines ── job process
                   │
                   └── kept.py: orders, states, events and notes in SQLite, so that nothing is lost

The process lives as long as its standard input is open: where the server is gone, it saves what it has and ends.
"""
