from __future__ import annotations

import pandas as pd
import pytest

from microdata.encoding import encode
from microdata.measure import Context
from microdata.population import Population
from microdata.readers import dataset_from_frame
from microdata.release import Release
from microdata.roles import Roles
from reports.figure_names import SECTIONS, name_figure
from risk.uniqueness.log_linear import LogLinearRisk
from risk.uniqueness.population import UniqueInPopulation

UNNAMED = "of the command line's output"


def figures(population):
    people = {"q": list("abcdeefffg"), "r": list("1122331234")}
    dataset = dataset_from_frame(pd.DataFrame(people, dtype=object), "people")
    others = [population.table] if population.table else []
    context = Context(
        release=Release.original(encode(dataset, {}, others)),
        roles=Roles.from_json({"quasi_identifiers": ["q", "r"]}),
        population=population,
    )
    found = {}
    for measure in (UniqueInPopulation(), LogLinearRisk()):
        found |= measure.evaluate(context).figures
    return found


EVERYBODY = dataset_from_frame(
    pd.DataFrame({"q": list("abcdeefffg") * 2, "r": list("1122331234") * 2}, dtype=object), "all"
)


@pytest.mark.parametrize(
    "population", [Population(), Population(size=500), Population(table=EVERYBODY)]
)
def test_every_figure_has_a_name_of_its_own(population):
    names = {}
    for path in figures(population):
        assert UNNAMED not in name_figure(path).meaning
        known = name_figure(path)
        assert known.section in SECTIONS
        names[known.name] = path
    assert len(names) == len(figures(population))
    if population != Population():
        assert name_figure(("uniqueness", "population", "high")).unit == "share"
        assert name_figure(("uniqueness", "log_linear", "two_way", "tau_1")).unit == "number"
