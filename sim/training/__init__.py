"""Training on a run: branch and compare it, look ahead, be scored, debrief. No graphics.

    course.py      what a branch remembers of its site, tick by tick
    branches.py    a named tree of branches, forked at any instant
    comparison.py  two branches over time; a look ahead with and without a command
    lesson.py      tutorial steps, hints and checklist of a lesson that goes on
    evidence.py    what a run is judged by, from a model or a run folder; the optimum as a yardstick
    score.py       points by objective, and for each point lost when and why
    debrief.py     a run told afterwards, as data; page.py, export.py, xapi.py write it
    records.py     who tried what, in one SQLite file
"""
