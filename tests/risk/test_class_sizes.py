from __future__ import annotations

from risk.class_sizes import ClassSizes


def test_class_figures_by_hand(context_of):
    context = context_of({"q": list("abbcccc")}, quasi=["q"], kept=[True] * 6 + [False])
    result = ClassSizes().evaluate(context)
    got = {path[1]: figure.value for path, figure in result.figures.items()}
    assert got == {
        "count": 3,
        "smallest": 1,
        "largest": 3,
        "average": 2,
        "suppressed_records": 1,
    }
    assert sorted(result.by_class.tolist()) == [1, 2, 3]
