from __future__ import annotations

import pytest

from microdata.errors import PrivacyToolError
from microdata.release import Release
from transforms.steps import DropColumn


def test_columns_leave_and_the_rest_stays(build, context):
    release = Release.original(build({"a": ["1"], "b": ["2"], "c": ["3"]}))
    left = DropColumn(columns=("a", "c")).apply(release, context(["b"]))
    assert list(left.frame().columns) == ["b"]
    assert left.released_records == 1


def test_an_unknown_or_dropped_column_is_refused(build, context):
    release = Release.original(build({"a": ["1"], "b": ["2"]}))
    with pytest.raises(PrivacyToolError, match="'z'"):
        DropColumn(columns=("z",)).apply(release, context(["b"]))
    drop = DropColumn(columns=("a",))
    with pytest.raises(PrivacyToolError, match="earlier step"):
        drop.apply(drop.apply(release, context(["b"])), context(["b"]))
