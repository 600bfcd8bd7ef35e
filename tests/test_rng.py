"""Keyed draws: more entities, days or purposes never change what was drawn before."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.rng import Purpose, normals, uniforms


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**63), n=st.integers(1, 50), more=st.integers(1, 50),
       k=st.integers(1, 4), keys=st.lists(st.integers(0, 9), max_size=3))
def test_adding_entities_keeps_the_earlier_rows(seed, n, more, k, keys):
    for draw in (uniforms, normals):
        few = draw(seed, Purpose.VISIT, n, k, *keys)
        many = draw(seed, Purpose.VISIT, n + more, k, *keys)
        assert np.array_equal(few, many[:n])


def test_streams_differ_by_seed_and_key():
    blocks = [uniforms(1, Purpose.VISIT, 4, 2), uniforms(2, Purpose.VISIT, 4, 2),
              uniforms(1, Purpose.VISIT, 4, 2, 0), uniforms(1, Purpose.VISIT, 4, 2, 1)]
    assert len({block.tobytes() for block in blocks}) == len(blocks)


def test_old_seeds_keep_their_meaning():
    assert uniforms(7, Purpose.VISIT, 2, 2, 3).tolist() == [
        [0.6584116808495275, 0.7137146891807926],
        [0.29652781716401316, 0.4229373105403675],
    ]


def test_moments_and_range():
    u = uniforms(1, Purpose.VISIT, 100_000, 2)
    assert 0.0 < u.min() and u.max() < 1.0
    assert abs(u.mean() - 0.5) < 0.003
    z = normals(1, Purpose.VISIT, 100_000, 3)
    assert np.abs(z.mean(axis=0)).max() < 0.015
    assert np.abs(np.cov(z.T) - np.eye(3)).max() < 0.02
