from __future__ import annotations

import pandas as pd
import pytest

from microdata.encoding import encode
from microdata.measure import Context
from microdata.population import Population
from microdata.readers import dataset_from_frame
from microdata.release import Release
from microdata.roles import Roles
from reports.figure_names import ATTACKS, name_figure
from risk.attacks.linkability import LinkabilityAttack
from risk.attacks.membership import MembershipAttack
from risk.attacks.singling_out import SinglingOutAttack

PEOPLE = {"q": list("aabbc"), "r": list("12121")}
EVERYBODY = dataset_from_frame(
    pd.DataFrame({"q": list("aabbccc"), "r": list("1212121")}, dtype=object), "all"
)


def paths():
    source = encode(dataset_from_frame(pd.DataFrame(PEOPLE), "people"), {}, [EVERYBODY])
    context = Context(
        release=Release.original(source),
        roles=Roles.from_json({"quasi_identifiers": ["q", "r"]}),
        population=Population(table=EVERYBODY),
    )
    measures = (SinglingOutAttack(), LinkabilityAttack(), MembershipAttack())
    return [path for m in measures for path in m.evaluate(context).figures]


@pytest.mark.parametrize("path", paths(), ids="/".join)
def test_every_figure_has_a_name(path):
    known = name_figure(path)
    assert known.section == ATTACKS
    assert "of the command line's output" not in known.meaning
    assert known.meaning.endswith(".")


def test_the_names_differ():
    assert len({name_figure(path).name for path in paths()}) == len(paths()) == 26


def test_a_data_protection_officer_reads_what_linking_two_files_means():
    meaning = name_figure(("attacks", "linkability", "worst")).meaning
    assert meaning.startswith("Someone who holds two partial files")
    assert "two records together" in meaning
