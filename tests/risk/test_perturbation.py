from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from microdata.encoding import encode
from microdata.measure import Context
from microdata.readers import dataset_from_frame
from microdata.release import Release
from microdata.roles import Role, Roles
from risk.perturbation import Perturbation

ROLES = Roles(
    by_column={
        "age": Role.QUASI_IDENTIFIER,
        "sex": Role.QUASI_IDENTIFIER,
        "ill": Role.SENSITIVE,
    }
)


@pytest.fixture
def release():
    columns = {"age": ["1", "2"], "sex": ["f", "m"], "ill": ["a", "b"]}
    return Release.original(encode(dataset_from_frame(pd.DataFrame(columns), "table")))


def perturbed(release, *names):
    """Return the release in which some columns hold each other's values."""
    return release.with_columns(
        *(
            replace(
                release.columns[name],
                lookup=None,
                explicit=np.array([1, 0], np.int32),
                perturbed=True,
            )
            for name in names
        )
    )


def findings(release):
    return Perturbation().evaluate(Context(release=release, roles=ROLES)).findings


def test_true_values_raise_nothing(release):
    assert findings(release) == ()
    # nor does a column without a rule that is not perturbed, such as after local recoding
    recoded = replace(perturbed(release, "age").columns["age"], perturbed=False)
    assert findings(release.with_columns(recoded)) == ()


def test_a_perturbed_quasi_identifier_is_a_warning_that_names_it(release):
    (finding,) = findings(perturbed(release, "age"))
    assert (finding.code, finding.severity) == ("values-perturbed", "warning")
    assert "the column 'age' were changed" in finding.message
    (both,) = findings(perturbed(release, "age", "sex"))
    assert "the columns 'age', 'sex' were" in both.message


def test_a_perturbed_sensitive_attribute_is_a_note(release):
    first, second = findings(perturbed(release, "sex", "ill"))
    assert "the column 'sex' were changed" in first.message
    assert (second.code, second.severity) == ("sensitive-perturbed", "note")
    assert "the column 'ill' were changed" in second.message


def test_a_perturbed_column_that_is_not_published_raises_nothing(release):
    assert findings(perturbed(release, "age").without(("age",))) == ()


def test_an_empty_release_raises_nothing(release):
    nobody = perturbed(release, "age").keeping(np.array([False, False]))
    assert findings(nobody) == ()
