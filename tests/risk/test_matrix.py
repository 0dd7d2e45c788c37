import json
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdata.errors import PrivacyToolError
from risk.matrix import COLORS, MATRIX, read_matrix
from risk.policy import PRESETS, Policy, policy_from_bytes

STRICT = [["green"] + ["red"] * 3, ["amber"] + ["red"] * 3, ["amber"] + ["red"] * 3, ["red"] * 4]


def test_ours_is_a_matrix_and_reads_as_itself():
    assert read_matrix([list(row) for row in MATRIX]) == MATRIX
    letters = ["".join(color[0] for color in row) for row in MATRIX]
    assert letters == ["ggaa", "gaar", "aarr", "arrr"]


@given(st.lists(st.lists(st.sampled_from(COLORS), min_size=4, max_size=4), min_size=4, max_size=4))
def test_a_matrix_is_read_exactly_where_it_never_gets_greener_and_lasting_harm_is_not_green(rows):
    cells = list(product(range(4), repeat=2))
    rank = {(i, j): COLORS.index(rows[i][j]) for i, j in cells}
    allowed = "green" not in rows[3] and all(
        rank[a] <= rank[b] for a in cells for b in cells if a[0] <= b[0] and a[1] <= b[1]
    )
    if allowed:
        assert [list(row) for row in read_matrix(rows)] == rows
    else:
        with pytest.raises(PrivacyToolError, match="'matrix'"):
            read_matrix(rows)


@pytest.mark.parametrize(
    ("matrix", "match"),
    [
        ([["green"] * 4] * 4, "green cell at severity 4"),
        ([*STRICT[:1], ["green", "green", "red", "red"], *STRICT[2:]], "gets greener"),
        ([["red", "amber", "red", "red"], *STRICT[1:]], "gets greener"),
        ([["amber"] * 4, ["green"] + ["amber"] * 3, ["amber"] * 4, ["red"] * 4], "gets greener"),
        (STRICT[:3], "4 rows"),
        ([*STRICT, ["red"] * 4], "4 rows"),
        ([row[:3] for row in STRICT], "4 rows"),
        ([["blue"] * 4] * 4, "4 rows"),
        ([[["green"]] * 4] * 4, "4 rows"),
        (["gggg", "aaaa", "aaaa", "rrrr"], "4 rows"),
        ("green", "4 rows"),
        (None, "4 rows"),
        ({"1": ["green"] * 4}, "4 rows"),
    ],
)
def test_another_form_is_refused(matrix, match):
    with pytest.raises(PrivacyToolError, match=match):
        read_matrix(matrix)
    own = PRESETS["k5"].to_json() | {"id": "own", "matrix": matrix}
    with pytest.raises(PrivacyToolError, match=match):
        Policy.from_json(own)


def test_a_policy_carries_its_matrix_through_its_file():
    own = PRESETS["k5"].to_json() | {"id": "own", "matrix": STRICT}
    policy = policy_from_bytes(json.dumps(own).encode(), "own.json")
    assert [list(row) for row in policy.matrix] == STRICT
    assert Policy.from_json(json.loads(json.dumps(policy.to_json()))) == policy


def test_without_a_matrix_a_policy_has_ours_and_its_file_does_not_name_it():
    assert all(policy.matrix == MATRIX for policy in PRESETS.values())
    assert all("matrix" not in policy.to_json() for policy in PRESETS.values())
