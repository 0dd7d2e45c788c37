import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.figure_names import SECTIONS, name_figure

UNNAMED = "of the command line's output"


@pytest.mark.parametrize(
    ("path", "name", "unit"),
    [
        (("models", "k-anonymity"), "Look-alikes guaranteed", "people"),
        (
            ("models", "l-diversity", "pay {0}", "distinct"),
            "pay {0}: different values in the poorest group",
            "count",
        ),
        (
            ("reidentification", "prosecutor", "at_risk", "0.2"),
            "People above a risk of 0.2",
            "share",
        ),
        (("columns", "a.b", "separation"), "a.b: share of pairs told apart", "share"),
    ],
)
def test_a_figure_has_a_plain_name_and_a_unit(path, name, unit):
    known = name_figure(path)
    assert (known.name, known.unit) == (name, unit)
    assert name_figure(path).meaning.endswith(".")


def test_a_figure_that_nobody_named_is_shown_by_its_path():
    known = name_figure(("models", "new_model", "pay"))
    assert known.name == "New model: pay"
    assert known.section in SECTIONS
    assert "models / new_model / pay" in known.meaning


@given(st.lists(st.text(), min_size=1, max_size=5).map(tuple))
def test_any_path_has_a_name_of_bounded_length(path):
    known = name_figure(path)
    assert known.section in SECTIONS
    assert len(known.name) < 500


def test_every_figure_of_a_real_assessment_has_a_name_of_its_own(released):
    for stage in (released.before, released.after):
        unnamed = [path for path in stage.figures if UNNAMED in name_figure(path).meaning]
        assert unnamed == []
