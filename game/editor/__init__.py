"""The film editor: a shot list over its run, in a window.

`game.film.editing` is what is edited. Here `session` says which list of which run, `playhead` where in the film
one is, `layout` where things lie; `bar`, `timeline`, `inspector`, `overlay` and `export` draw and hear, `hud`
has them together with the `shade` below what is open, `acts` is what keys and buttons do, and `editor` is the app.
"""
