"""The demo that shows itself: a shot list over a live simulation, which any visitor may take over.

`tour` is where the tour stands, `watch` who is at the window, `captions` its words over the live picture,
`guide` the app that is led, `kiosk` one app after another, `remote` the presenter's side.
"""
