"""What a person can do: the actions behind keys and buttons."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from entities.components import NONE, Place
from game.cameraman import Cameraman
from game.film.still import free_path, write_png
from game.look import Flow, Overlay, View
from game.picking import cursor_ray, nearest
from game.scene.selection import KINDS, named, twin
from game.ui.facts import card
from game.ui.offers import offers
from sim.alarms import locate
from sim.errors import InputError
from sim.remark_commands import AcknowledgeAlarm, ShelveAlarm

SHELVED_FOR = "30m"
FLOW_WORDS = {Flow.AUTO: "Flows by power", Flow.PARTICLES: "Flows as particles",
              Flow.TUBES: "Flows as tubes", Flow.ARCS: "Flows as lightning arcs"}


class Person(Cameraman):
    """The part of the app that hands use; `game.keys` names these methods. Commands go to the
    model by `submit`, everything else changes only what is seen."""

    def select(self, kind: str, row: int) -> None:
        """Select a live row of a table."""
        self._selected = (kind, int(getattr(self.model.world, kind).ids(row)))

    def select_named(self, name: str) -> None:
        """Select `hub`, or a vehicle, connector or station by name; InputError if there is none."""
        found = named(self.model.world, name)
        if found is None:
            raise InputError(f"nothing here is named {name!r}: expected a vehicle, a connector, "
                             f"a station or hub")
        self.select(*found)

    def click(self, x: float, y: float) -> None:
        """Select what is drawn at a pixel, or nothing; in the other branch's half, what has its name here."""
        left, beside = self.shell.eye, self.beside
        there = beside is not None and x >= left.size[0]
        eye, scene = (beside.eye, beside.scene) if there else (left, self.scene)
        world = self.branching.beside.shown.world if there else self.model.world
        (width, height), pose = eye.size, self.camera.shown
        x -= left.size[0] if there else 0.0
        ray = cursor_ray(*pose.axes(), eye.vertical_fov_deg, width / height,
                         2.0 * (x + 0.5) / width - 1.0, 1.0 - 2.0 * (y + 0.5) / height)
        kinds, rows, *boxes = scene.pick_boxes(world)
        index = nearest(pose.eye(), ray, *boxes)
        if index is None:
            self._selected = None
            return
        found = KINDS[kinds[index]], int(rows[index])
        here = twin(found, world, self.model.world) if there else found
        if here is None:
            return self._say(f"{getattr(world, found[0]).names[found[1]]} is in that branch alone")
        self.select(*here)

    def next_vehicle(self) -> None:
        """Select the next vehicle that is here, in table order."""
        vehicle = self.model.world.vehicle
        here = vehicle.rows(vehicle.place != Place.AWAY)
        if not len(here):
            return
        selected = self.selected
        row = selected[1] if selected and selected[0] == "vehicle" else -1
        self.select("vehicle", here[np.searchsorted(here, row, "right") % len(here)])

    def select_above(self) -> None:
        """Select what the selection hangs on: a vehicle's connector, its station, the hub; and of the hub
        the first vehicle."""
        if self.selected is None or self.selected[0] == "hub":
            self._selected = None
            return self.next_vehicle()
        world, (kind, row) = self.model.world, self.selected
        above = {"vehicle": ("connector", world.vehicle.connector), "connector": ("station", world.connector.station)}
        if kind in above and above[kind][1][row] != NONE:
            self.select(above[kind][0], int(above[kind][1][row]))
        else:
            self.select("hub", 0)

    def give_command(self, index: int) -> None:
        """What a button of the selection's card does: its session (0) or its service (1)."""
        connector = card(self.model, *self.selected, self.now_s).connector if self.selected else None
        if connector is None:
            return self._say("Nothing with a connector is selected")
        self.submit(offers(self.model, connector)[index][0])

    def clear(self) -> None:
        """Close the help, else leave the presentation, else forget the selection."""
        if self.help_open:
            self.help_open = False
        elif self.hud is not None and self.hud.technology.open:
            self.toggle_technology()
        elif self.hud is not None and not self.hud.visible:
            self.hud.show(True)
        else:
            self._selected = None

    def toggle_pause(self) -> None:
        """Pause virtual time, or let it run again, from the present."""
        if self._refused():
            return
        if self.branching is not None and self.branching.past:
            self.show_now()
            self.clock.paused = True
        self.clock.toggle()

    def faster(self) -> None:
        """One step up in speed."""
        self._refused() or self.clock.faster()

    def slower(self) -> None:
        """One step down in speed."""
        self._refused() or self.clock.slower()

    def show_view(self, view: View) -> None:
        """Turn to another view mode."""
        self.look = replace(self.look, view=view)

    def toggle_overlay(self, overlay: Overlay) -> None:
        """Lay a quantity over the scene, or take it away again."""
        self.look = self.look.with_overlay(overlay)

    def next_flow(self) -> None:
        """Draw flows in the next way, and say which."""
        self.look = self.look.next_flow()
        if self.hud is not None:
            self.hud.say(FLOW_WORDS[self.look.flow])

    def next_quality(self) -> None:
        """Quality by measurement, or held at the next tier."""
        self.governor.cycle()
        self._say(f"Quality: {self.governor.mode}")

    def toggle_help(self) -> None:
        """Open or close the help card."""
        self.help_open = not self.help_open

    def toggle_technology(self) -> None:
        """Show what the program is built with and what it costs now, or put it away."""
        if self.hud is not None:
            self.hud.technology.open = not self.hud.technology.open
            self.hud.stir()

    def toggle_presentation(self) -> None:
        """The picture alone, or with panels."""
        if self.hud is not None:
            self.hud.show(not self.hud.visible)

    def toggle_fullscreen(self) -> None:
        """The whole display, or a window."""
        self.shell.toggle_fullscreen()

    # Alarms

    def jump_to_alarm(self) -> None:
        """Select what the worst alarm is about and fly there."""
        worst = self.hud.alerts.worst if self.hud is not None else None
        if worst is None:
            self._say("No alarms")
        else:
            self.go_to(worst)

    def go_to(self, alert) -> None:
        """Select what an alarm is about and fly there."""
        place = alert.target and locate(self.model.world, alert.target)
        if place is not None:
            self.select(*place)
        self.frame_selection()

    def acknowledge(self, alert=None) -> None:
        """Acknowledge an alarm, or the worst that asks for it."""
        if self.hud is not None:
            alert = alert or self.hud.alerts.worst
            if alert is not None:
                self.submit(AcknowledgeAlarm(alarm=alert.key))
            self.hud.refresh()

    def shelve(self, alert) -> None:
        """Put an alarm aside for a while."""
        self.submit(ShelveAlarm(alarm=alert.key, duration=SHELVED_FOR))
        self.refresh()

    def acknowledge_all(self) -> None:
        """Acknowledge every alarm."""
        if self.hud is not None:
            self.submit(AcknowledgeAlarm())
            self.hud.refresh()

    def toggle_sound(self) -> None:
        """Let new alarms be heard, or not."""
        if self.hud is not None:
            self.hud.chime.on = not self.hud.chime.on
            self._say("Alarm sound on" if self.hud.chime.on else "Alarm sound off")

    # Panels

    def refresh(self) -> None:
        """Have the panels worked out anew."""
        if self.hud is not None:
            self.hud.refresh()

    def focus_panel(self, step: int) -> None:
        """Have keys act on the next panel, or the one before (-1)."""
        self._on_dashboard(lambda dashboard: dashboard.focus_next(step))

    def fold_panel(self) -> None:
        """Open or close the panel in focus."""
        self._on_dashboard(lambda dashboard: dashboard.fold())

    def move_panel(self) -> None:
        """Put the panel in focus into the next dock."""
        self._on_dashboard(lambda dashboard: dashboard.move())

    def step_row(self, step: int) -> None:
        """Select the next row of the table in focus, or the one before (-1)."""
        table = self._table()
        row = table.neighbour(step) if table is not None else None
        if row is not None:
            self.select(table.kind, row)

    def sort_table(self) -> None:
        """Sort the table in focus by its next column."""
        self._on_dashboard(lambda dashboard: dashboard.table() and dashboard.table().sort())

    def filter_table(self) -> None:
        """Filter the table in focus the next way."""
        self._on_dashboard(lambda dashboard: dashboard.table() and dashboard.table().next_filter())

    def next_layout(self) -> None:
        """Seat the panels as in the next layout."""
        if self.hud is not None:
            self.hud.next_layout()

    def name_layout(self) -> None:
        """Ask for a name and save the layout under it."""
        if self.hud is not None:
            self.hud.name_layout()

    def scale_panels(self, step: int) -> None:
        """Larger (+1) or smaller (-1) panels, or as they began (0)."""
        if self.hud is not None:
            self.hud.rescale(step)

    def _table(self):
        return self.hud.dashboard.table() if self.hud is not None else None

    def _on_dashboard(self, act) -> None:
        if self.hud is not None:
            act(self.hud.dashboard)
            self.hud.refresh()

    def save_picture(self) -> None:
        """Write the picture to `out`; where to, or why not, is shown."""
        path = self.out
        try:
            self.out.mkdir(parents=True, exist_ok=True)
            path = free_path(self.out, f"{self.scenario.name}_{int(self.now_s):06d}", ".png")
            write_png(path, self.shell.picture())
            text = f"Saved {path}"
        except OSError as error:
            text = f"{path}: cannot be written ({error.strerror})"
        self._say(text)

    def quit(self) -> None:
        """Leave `run` after this frame."""
        self.running = False
