"""Faces that share corners keep their place, their winding and their look."""

import numpy as np
from hypothesis import given, strategies as st

from game.scene import meshes
from game.scene.facets import shared

TRIANGLES = st.lists(st.tuples(st.tuples(*[st.integers(0, 6)] * 3), st.integers(0, 3)), max_size=30)


@given(TRIANGLES)
def test_a_triangle_stays_what_it_was(faces):
    place = np.array([at for corners, _ in faces for at in corners], np.int64)
    look = np.array([looks for _, looks in faces for _ in range(3)], np.int64)
    triangles = np.arange(3 * len(faces)).reshape(-1, 3)
    kept, made = shared(place, look, triangles)
    for (corners, looks), vertices in zip(faces, made, strict=True):
        stood = place[kept[vertices]].tolist()
        turns = [list(corners[k:] + corners[:k]) for k in range(3)]
        assert stood in turns                       # the same corners, wound as before
        assert look[kept[vertices[-1]]] == looks    # and what it looks like comes last
    assert len(kept) <= len(place)


def test_a_box_needs_a_vertex_a_corner():
    mesh = meshes.Mesh()
    mesh.box((-1.0, 0.0, -1.0), (1.0, 2.0, 1.0), bottom=True)
    separate, faceted = mesh.geom_node("box"), mesh.faceted_node("box")
    rows = [node.get_geom(0).get_vertex_data().get_num_rows() for node in (separate, faceted)]
    assert rows[0] == 24 and rows[1] < 12


def test_a_bundle_holds_copies_that_know_their_number():
    table, triangles = meshes.bundled(np.zeros((3, 3), np.float32), np.array([(0, 1, 2)]), 4)
    assert table[:, -1].tolist() == [copy for copy in range(4) for _ in range(3)]
    assert triangles.tolist() == [[3 * copy, 3 * copy + 1, 3 * copy + 2] for copy in range(4)]
