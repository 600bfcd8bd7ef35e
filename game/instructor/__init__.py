"""The instructor's station: a second process that speaks to a window on the same machine.

`station` is the window's side of the wire, `wire` the other, `desk` what may be asked, `screen` and `terminal`
what the instructor sees. No graphics.
"""
