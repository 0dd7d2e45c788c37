import pytest

from microdata.dataset import ReadOptions
from microdata.errors import PrivacyToolError
from microdata.roles import Role, Roles

FULL = {
    "quasi_identifiers": ["a,b", "zip"],
    "sensitive": ["ill"],
    "direct_identifiers": ["name"],
    "insensitive": ["x"],
    "person": "pid",
    "household": None,
    "weight": "w",
}


def test_roles_survive_json():
    assert Roles.from_json(FULL).to_json() == FULL
    assert Roles.from_json(FULL).role_of("unlisted") is Role.INSENSITIVE


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ([], "one JSON object"),
        ({"qi": []}, "unknown keys: 'qi'"),
        ({"sensitive": ["a"], "person": "a"}, "two roles"),
        ({"sensitive": "a"}, "list of column names"),
        ({"sensitive": [1]}, "as text"),
    ],
)
def test_malformed_roles_are_refused(data, sentence):
    with pytest.raises(PrivacyToolError, match=sentence):
        Roles.from_json(data)


def test_two_person_columns_are_refused():
    with pytest.raises(PrivacyToolError, match="Only one column"):
        Roles(by_column={"a": Role.PERSON, "b": Role.PERSON})


def test_risk_needs_a_quasi_identifier_and_known_columns():
    with pytest.raises(PrivacyToolError, match="No column is marked"):
        Roles(by_column={}).require_quasi_identifiers()
    with pytest.raises(PrivacyToolError, match="'zip'"):
        Roles(by_column={"zip": Role.QUASI_IDENTIFIER}).check_columns(["a"])


def test_reading_options_survive_json_and_refuse_what_they_do_not_know():
    options = ReadOptions(delimiter=";", missing=("?", "NA"), text_columns=("zip",))
    assert ReadOptions.from_json(options.to_json()) == options
    with pytest.raises(PrivacyToolError, match="unknown keys"):
        ReadOptions.from_json({"separator": ";"})
    with pytest.raises(PrivacyToolError, match="list of text"):
        ReadOptions.from_json({"missing": "NA"})
