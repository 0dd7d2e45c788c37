from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from microdata.measure import NotComputed
from microdata.population import Population
from microdata.release import ReleasedColumn
from risk.population_models import BOUND, PopulationModels
from risk.uniqueness.benedetti_franconi import expected_inverse

K_MAP = ("models", "k-map")
ESTIMATED = ("models", "k-map-estimated")
PRESENCE = ("models", "delta-presence")


@pytest.fixture
def context_with(context_of):
    def build(release, people=None, size=None, **options):
        table = None
        if people is not None:
            table = context_of({"q": list(people)}, quasi=["q"]).release.source.dataset
        return context_of(
            {"q": list(release)},
            quasi=["q"],
            population=Population(size=size, table=table),
            **options,
        )

    return build


def test_with_a_table_both_models_are_counted(context_with):
    context = context_with("abbccc", "aa" + "b" * 4 + "c" * 30 + "d" * 64)
    figures = PopulationModels().evaluate(context).figures
    assert set(figures) == {K_MAP, ESTIMATED, (*PRESENCE, "lowest"), (*PRESENCE, "highest")}
    assert figures[K_MAP].value == 2
    assert figures[K_MAP].exact
    assert "a table of 100 people" in figures[K_MAP].caveats[0]
    assert "nothing needs to be estimated" in figures[ESTIMATED].reason
    assert figures[*PRESENCE, "lowest"].value == 0
    assert figures[*PRESENCE, "highest"].value == 0.5


def test_with_a_size_alone_k_is_a_lower_bound_and_an_estimate_stands_beside(context_with):
    context = context_with("aabbb", size=50)
    figures = PopulationModels().evaluate(context).figures
    assert set(figures) == {K_MAP, ESTIMATED, PRESENCE}
    assert (figures[K_MAP].value, figures[K_MAP].method) == (2, BOUND)
    assert any("at least as many" in caveat for caveat in figures[K_MAP].caveats)
    wanted = 1 / expected_inverse(np.array([2]), 0.1)[0]
    assert figures[ESTIMATED].value == pytest.approx(wanted)
    assert figures[ESTIMATED].value >= figures[K_MAP].value
    assert figures[ESTIMATED].method == "Benedetti-Franconi"
    assert "only its size is known" in figures[PRESENCE].reason


def test_without_a_population_there_is_a_reason(context_with):
    context = context_with("aabbb")
    figures = PopulationModels().evaluate(context).figures
    assert set(figures) == {K_MAP, ESTIMATED, PRESENCE}
    assert all(isinstance(figure, NotComputed) for figure in figures.values())
    assert isinstance(PopulationModels().needs(context), NotComputed)


def test_nothing_released_has_no_figure(context_with):
    for options in ({"size": 90}, {"people": "aab"}, {}):
        context = context_with("ab", kept=[False, False], **options)
        figures = PopulationModels().evaluate(context).figures
        assert {figure.reason for figure in figures.values()} >= {
            PopulationModels().needs(context).reason
        }
        assert all(isinstance(figure, NotComputed) for figure in figures.values())


def test_a_population_that_lacks_people_is_told(context_with):
    figures = PopulationModels().evaluate(context_with("abb", "bbbb")).figures
    assert "lacks 1 people" in figures[K_MAP].reason
    assert "lacks 1 people" in figures[PRESENCE].reason


def test_a_column_changed_record_by_record_has_no_figure(context_with):
    context = context_with("aabb", "aabb")
    column = context.release.columns["q"]
    noisy = ReleasedColumn("q", column.nodes, None, np.array([0, 1, 0, 1], np.int32))
    changed = replace(context, release=context.release.with_columns(noisy))
    figures = PopulationModels().evaluate(changed).figures
    assert "record by record" in figures[K_MAP].reason
    assert "record by record" in figures[PRESENCE].reason


def test_a_missing_cell_that_matches_everything_widens_the_bound(context_with):
    context = replace(context_with(["a", "b", "b", None], size=50), missing="wildcard")
    figure = PopulationModels().evaluate(context).figures[K_MAP]
    assert figure.value == 2
    assert any("matches every value" in caveat for caveat in figure.caveats)


def test_coarser_columns_never_lower_k_map(context_with):
    rows = [(letter, "x" if letter in "ab" else "y", "*") for letter in "abcd"]
    found = [
        PopulationModels()
        .evaluate(
            context_with("abbccc", "aabbbbccccdd", hierarchies={"q": rows}, levels={"q": level})
        )
        .figures[K_MAP]
        .value
        for level in range(3)
    ]
    assert found == [2, 6, 12]
