"""Training on a run: branch and compare it, look ahead, be scored, debrief. No graphics.

    course.py      what a branch remembers of its site, tick by tick
    branches.py    a named tree of branches, forked at any instant
    comparison.py  two branches over time; a look ahead with and without a command
"""
