"""What goes over from an app that is left to the one that is opened in its place."""

from __future__ import annotations

from game.app import App


def take_up(app: App, left: App) -> None:
    """Go on where another app over the same branches was left, with all that hands had set there."""
    app.restart_clock()
    app.clock.run_at(left.clock.speed)
    app.clock.paused, app.look, app.governor = left.clock.paused, left.look, left.governor
    app.turning, app.following, app.instructing = left.turning, left.following, left.instructing
    if left.selected is not None:
        app.select(*left.selected)
    app.camera.jump_to(left.camera.shown)
    hud, before = app.hud, left.hud
    hud.dashboard.seating, hud._layout = before.dashboard.seating, before._layout
    hud.timeline.open, hud.chime.on, hud._theme.own = before.timeline.open, before.chime.on, before._theme.own
    hud._theme.fit(app.size)
    hud.speak(app.instructing)
    hud.show(before.visible)
