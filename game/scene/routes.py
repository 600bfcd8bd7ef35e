"""How vehicles come and go: from the road through the gate, along the lanes, backwards into the bay.

A route is a polyline along the middle of the lanes, shifted to the right, with rounded corners
and a speed that falls before bends and stops. It becomes a table of poses at equal steps of time,
which the shader and the picking boxes both read with the same interpolation, so that the two agree.
"""

from __future__ import annotations

import math

import numpy as np

from game.scene.layout import ROAD_WIDTH, Layout

STEPS = 96                      # poses of a route
RUN_UP_M = 60.0                 # how far along the road a vehicle is seen
TRACK_M = 1.35                  # from a lane's middle to the track on its right
BEND_M = 5.0                    # how far before a corner its bend begins, where there is room
STRAIGHT_M = 0.8                # rolled out straight before the gear is changed
SHORTEST_TURN_M = 2.6
BACKING_SHARE = 0.62            # of the way from the lane to the bay's middle that is turned on
# Only the ratios of these speeds count: a route is fitted into its time.
LINE_M_S, BEND_M_S, BACKING_M_S, STOP_M_S = 11.0, 4.0, 2.0, 0.3
ACCELERATION = 1.6
PIECE_POINTS = 12
RING_PIECE_M = 12.0


class Routes:
    """Tables (STEPS, 4) of x, z, sine and cosine of the heading, at equal steps of time."""

    def __init__(self, layout: Layout):
        self._layout = layout
        self._known: dict[tuple, np.ndarray] = {}
        x, z, road = layout.gate_x, layout.front_z, layout.road.z
        self._junction = np.array((x, z))
        # Right-hand traffic: in from the west on the near side, out to the west on the far one.
        lane = ROAD_WIDTH / 4.0 - TRACK_M
        self._gate_in = np.array(((x - RUN_UP_M, road - lane), (x, road - lane)))
        self._gate_out = np.array(((x, road + lane), (x - RUN_UP_M, road + lane)))

    def arrive(self, connector: int) -> np.ndarray:
        """From the road into a bay."""
        return self._once(self._arrive, connector)

    def depart(self, connector: int) -> np.ndarray:
        """From a bay back to the road."""
        return self._once(self._depart, connector)

    def join_queue(self, spot: int) -> np.ndarray:
        """From the road to a place of the queue."""
        return self._once(self._join_queue, spot)

    def move_up(self, before: int, after: int) -> np.ndarray:
        """From one place of the queue to another."""
        return self._once(self._move_up, before, after)

    def call_up(self, spot: int, connector: int) -> np.ndarray:
        """From a place of the queue into a bay."""
        return self._once(self._call_up, spot, connector)

    def give_up(self, spot: int) -> np.ndarray:
        """From a place of the queue back to the road."""
        return self._once(self._give_up, spot)

    def _once(self, make, *arguments: int) -> np.ndarray:
        key = (make.__name__, *arguments)
        if key not in self._known:
            self._known[key] = make(*arguments)
        return self._known[key]

    def _arrive(self, connector: int) -> np.ndarray:
        return self._into(connector, np.concatenate([self._gate_in, self._lanes(connector)]))

    def _depart(self, connector: int) -> np.ndarray:
        bay, _ = self._bay(connector)
        track = _to_right(np.concatenate([self._lanes(connector)[::-1], self._gate_out]))
        track[0] = self._crossing(connector, -TRACK_M)
        return _poses([(np.concatenate([bay[None], track]), False)], still=(True, False))

    def _join_queue(self, spot: int) -> np.ndarray:
        place = self._spot(spot)
        track = _to_right(np.array((*self._gate_in, (self._gate_in[1][0], place[1]), place)))
        track[2:, 1] = place[1]     # in the middle of the row
        track[3] = place
        return _poses([(track, False)], still=(False, True))

    def _move_up(self, before: int, after: int) -> np.ndarray:
        start, end = self._spot(before), self._spot(after)
        if abs(start[1] - end[1]) < 1e-6:
            return _poses([(np.array((start, (start + end) / 2.0, end)), False)], still=(True, True))
        # To another row, all the way round.
        x = self._junction[0]
        track = _to_right(np.array((*self._turn_out(before), self._junction, (x, end[1]), end)))
        track[-2:, 1] = end[1]
        return _poses([(np.concatenate([start[None], track]), False)], still=(True, True))

    def _call_up(self, spot: int, connector: int) -> np.ndarray:
        middle = np.concatenate([self._turn_out(spot), self._lanes(connector, from_queue=True)])
        return self._into(connector, middle, self._spot(spot))

    def _give_up(self, spot: int) -> np.ndarray:
        middle = np.concatenate([self._turn_out(spot), [self._junction], self._gate_out])
        track = np.concatenate([self._spot(spot)[None], _to_right(middle)])
        return _poses([(track, False)], still=(True, False))

    def _spot(self, spot: int) -> np.ndarray:
        return self._layout.queue_xyz(spot)[[0, 2]]

    def _turn_out(self, spot: int) -> np.ndarray:
        """Out of a row of the queue to the lane that leads back along it."""
        x = self._layout.queue_exit_x
        return np.array(((x, self._spot(spot)[1]), (x, self._layout.front_z)))

    def _lanes(self, connector: int, from_queue: bool = False) -> np.ndarray:
        """Middle of the lanes to a bay, (k, 2): from the gate or the end of the queue's lane to the
        hub-side end of the bay's own lane."""
        layout = self._layout
        foot, way = layout.lane_foot[connector], layout.lane_way[connector]
        ahead = foot + way * layout.lane_end[connector]
        if not layout.ring_radius:
            straight = from_queue or abs(foot[0] - self._junction[0]) < 2.0 * TRACK_M
            return np.array((foot, ahead) if straight else (self._junction, foot, ahead))
        hub = layout.hub_xyz[[0, 2]]
        last = math.atan2(*(foot - hub)) % (2.0 * math.pi)
        pieces = math.ceil(abs(last - math.pi) * layout.ring_radius / RING_PIECE_M)
        angle = np.linspace(math.pi, last, pieces + 1)[:-1]
        ring = hub + layout.ring_radius * np.stack([np.sin(angle), np.cos(angle)], axis=1)
        return np.array((*([self._junction] if from_queue else []), *ring, foot, ahead))

    def _bay(self, connector: int) -> tuple[np.ndarray, np.ndarray]:
        """Its middle and where its noses point."""
        angle = math.radians(self._layout.bay_heading[connector])
        return (self._layout.bay_xyz[connector][[0, 2]],
                np.array((math.sin(angle), math.cos(angle))))

    def _crossing(self, connector: int, track: float) -> np.ndarray:
        """Where a bay's axis meets the lane's track, `track` m right of its middle (to the hub)."""
        bay, nose = self._bay(connector)
        way = self._layout.lane_way[connector]
        right = np.array((way[1], -way[0]))
        on_track = self._layout.lane_foot[connector] + right * track
        return bay + nose * ((on_track - bay) @ right / (nose @ right))

    def _into(self, connector: int, middle: np.ndarray, spot: np.ndarray | None = None):
        """Along the lanes, past the bay, and backwards into it; from a place of the queue or, without
        one, already on the way."""
        bay, _ = self._bay(connector)
        foot, way = self._layout.lane_foot[connector], self._layout.lane_way[connector]
        corner = self._crossing(connector, TRACK_M)
        turn = BACKING_SHARE * np.linalg.norm(corner - bay)
        room = self._layout.lane_end[connector] - (corner - foot) @ way - STRAIGHT_M
        turn = max(min(turn, room), SHORTEST_TURN_M)
        track = _to_right(middle)
        track[-1] = corner + way * (turn + STRAIGHT_M)
        if spot is not None:
            track = np.concatenate([spot[None], track])
        back = np.array((track[-1], corner, bay))
        return _poses([(track, False), (back, True)], still=(spot is not None, True), turn=turn)


def pose_at(table: np.ndarray, share):
    """x, z (n, 2) and heading (n,) rad at shares 0..1 of routes, tables (n, STEPS, 4)."""
    at = np.clip(share, 0.0, 1.0) * (STEPS - 1)
    k = np.minimum(at.astype(np.int64), STEPS - 2)
    rows, part = np.arange(len(table)), (at - k)[:, None]
    pose = table[rows, k] * (1.0 - part) + table[rows, k + 1] * part
    return pose[:, :2], np.arctan2(pose[:, 2], pose[:, 3])


def _to_right(points: np.ndarray) -> np.ndarray:
    """The polyline (k, 2) shifted by TRACK_M to its right, mitred."""
    way = np.diff(points, axis=0)
    way /= np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-9)
    right = np.stack([way[:, 1], -way[:, 0]], axis=1)
    before, after = np.concatenate([right[:1], right]), np.concatenate([right, right[-1:]])
    flat = np.maximum(1.0 + (before * after).sum(axis=1, keepdims=True), 0.4)
    return points + (before + after) / flat * TRACK_M


def _poses(legs, still: tuple[bool, bool], turn: float = 0.0) -> np.ndarray:
    """Poses of polylines driven one after the other: (points, backwards) each, with a stop between
    them. `still`: whether the vehicle stands at the start and at the end; `turn` how far before
    the corner of a leg driven backwards its bend begins."""
    xz, angle, speed = [], [], []
    t = np.linspace(0.0, 1.0, PIECE_POINTS)[None, :, None]
    r = 1.0 - t
    for points, backwards in legs:
        pieces = _rounded(points, np.full(len(points) - 2, turn) if backwards else None)
        a, b, c = pieces[:, 0, None], pieces[:, 1, None], pieces[:, 2, None]
        xz.append((r * r * a + 2.0 * r * t * b + t * t * c).reshape(-1, 2))
        way = (r * (b - a) + t * (c - b)).reshape(-1, 2)
        angle.append(np.arctan2(way[:, 0], way[:, 1]) + (math.pi if backwards else 0.0))
        limit = np.full((len(pieces), PIECE_POINTS), BACKING_M_S if backwards else LINE_M_S)
        limit[1::2] = np.minimum(limit[1::2], BEND_M_S)
        limit[-1, -1] = STOP_M_S
        speed.append(limit.ravel())
    if still[0]:
        speed[0][0] = STOP_M_S
    if not still[1]:
        speed[-1][-1] = LINE_M_S
    xz, angle, speed = np.concatenate(xz), np.unwrap(np.concatenate(angle)), np.concatenate(speed)
    step = np.sqrt((np.diff(xz, axis=0) ** 2).sum(axis=1))
    s = np.concatenate([[0.0], np.cumsum(step)])
    # Nowhere faster than what braking for a slow place, or gathering speed after it, allows.
    square, reach = speed ** 2, 2.0 * ACCELERATION * s
    after = np.minimum.accumulate(square - reach) + reach
    before = np.minimum.accumulate((square + reach)[::-1])[::-1] - reach
    speed = np.sqrt(np.minimum(after, before))
    clock = np.concatenate([[0.0], np.cumsum(2.0 * step / (speed[1:] + speed[:-1]))])
    at = np.linspace(0.0, clock[-1], STEPS)
    heading = np.interp(at, clock, angle)
    return np.stack([np.interp(at, clock, xz[:, 0]), np.interp(at, clock, xz[:, 1]),
                     np.sin(heading), np.cos(heading)], axis=1).astype(np.float32)


def _rounded(points: np.ndarray, cut=None) -> np.ndarray:
    """The polyline as quadratic curves (pieces, 3, 2), lines and bends by turns.

    `cut` (corners,) is how far before each corner its bend begins; by itself as gentle as the
    lines beside it allow.
    """
    way = np.diff(points, axis=0)
    length = np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-6)
    way = way / length
    share = np.full(len(length), 0.49)
    share[0] = share[-1] = 0.97
    room = (length[:, 0] * share)
    cut = np.minimum(BEND_M if cut is None else cut, np.minimum(room[:-1], room[1:]))[:, None]
    corners = points[1:-1]
    enter, leave = corners - way[:-1] * cut, corners + way[1:] * cut
    starts, ends = np.concatenate([points[:1], leave]), np.concatenate([enter, points[-1:]])
    pieces = np.zeros((2 * len(corners) + 1, 3, 2))
    pieces[0::2] = np.stack([starts, (starts + ends) / 2.0, ends], axis=1)
    pieces[1::2] = np.stack([enter, corners, leave], axis=1)
    return pieces
