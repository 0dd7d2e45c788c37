from __future__ import annotations

import pandas as pd
import pytest

from microdata.encoding import encode
from microdata.hierarchy import Hierarchy
from microdata.measure import Context, Estimate
from microdata.readers import dataset_from_frame
from microdata.release import Release
from microdata.roles import Roles
from reports.figure_names import name_figure
from risk.attribute_inference import InferenceAttack, NearHomogeneity, PosteriorGain
from risk.background_knowledge import BackgroundKnowledge
from risk.numeric_inference import NumericInference
from risk.similarity import Similarity

UNNAMED = "of the command line's output"
MEASURES = (
    InferenceAttack(), NearHomogeneity(), PosteriorGain(), BackgroundKnowledge(), Similarity(),
    NumericInference(),
)  # fmt: skip


@pytest.fixture(scope="module")
def figures():
    frame = pd.DataFrame({"q": list("aabbb"), "ill": list("xyzxx"), "pay": list("12345")})
    tree = Hierarchy.from_rows("ill", [("x", "u", "*"), ("y", "u", "*"), ("z", "v", "*")])
    source = encode(dataset_from_frame(frame.astype(object), "people"), {"ill": tree})
    roles = Roles.from_json({"quasi_identifiers": ["q"], "sensitive": ["ill", "pay"]})
    context = Context(release=Release.original(source), roles=roles)
    found = {}
    for measure in MEASURES:
        found |= measure.evaluate(context).figures
    return found


def test_every_figure_has_a_name_of_its_own(figures):
    names = {path: name_figure(path) for path in figures}
    assert [path for path, name in names.items() if UNNAMED in name.meaning] == []
    assert len({name.name for name in names.values()}) == len(figures)
    assert all(name.meaning.endswith(".") for name in names.values())


def test_a_name_holds_its_column_and_its_threshold(figures):
    for path in figures:
        name = name_figure(path).name
        assert name.startswith(f"{path[2]}: ")
        assert "{" not in name
    nearly = name_figure(("models", "homogeneity", "ill", "at_least", "0.9")).name
    assert nearly == "ill: people in groups of which at least 90 % have the same value"
    sure = name_figure(("models", "background-knowledge", "ill", "1", "none")).name
    assert sure == "ill: people whose group alone makes an attacker 100 % sure of a value"


def test_braces_and_words_in_a_path_stay_as_they_are():
    odd = name_figure(("models", "homogeneity", "a {1%} {1} {0}", "at_least", "much")).name
    assert odd == "a {1%} {1} {0}: people in groups of which at least much have the same value"


def test_a_control_is_neither_good_nor_bad(figures):
    for path, figure in figures.items():
        assert isinstance(figure, Estimate) or path[3:] == ("levels",)
        better = name_figure(path).better
        if path[-1].endswith(("prior", "leave_one_out")) or path[3:] == ("levels",):
            assert better == ""
        else:
            assert better in {"lower", "higher"}
