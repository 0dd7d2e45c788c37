import pytest

from microdata.errors import PrivacyToolError
from microdata.roles import Role, Roles
from risk.models import KAnonymity, TCloseness
from transforms.search import ScoreMeasure, parse_measure, search_problem
from transforms.search.measure import TITLES

ROLES = Roles(
    by_column={
        "age": Role.QUASI_IDENTIFIER,
        "a=b": Role.QUASI_IDENTIFIER,
        "s,(x)": Role.SENSITIVE,
    }
)


@pytest.mark.parametrize("name", TITLES)
def test_every_measure_is_written_as_it_is_read(name):
    assert parse_measure(name).text() == name


@pytest.mark.parametrize(
    ("text", "aggregate", "balance"),
    [
        ("loss(rank)", "rank", 0.5),
        ("loss(max)", "max", 0.5),
        ("loss(sum)", "sum", 0.5),
        ("loss(arithmetic)", "arithmetic", 0.5),
        ("loss(gs=0)", "geometric", 0.0),
        ("loss(rank,gs=0.33)", "rank", 0.33),
    ],
)
def test_what_stands_in_the_brackets_of_loss(text, aggregate, balance):
    measure = parse_measure(text)
    assert measure == ScoreMeasure(name="loss", aggregate=aggregate, balance=balance)
    assert parse_measure(measure.text()) == measure


@pytest.mark.parametrize(
    ("balance", "suppressed", "generalized"),
    [(0.0, 0, 1), (0.25, 0.5, 1), (0.5, 1, 1), (0.75, 1, 0.5), (1.0, 1, 0)],
)
def test_the_two_factors_of_gs(balance, suppressed, generalized):
    measure = ScoreMeasure(name="loss", balance=balance)
    assert (measure.suppressed_factor, measure.generalized_factor) == (suppressed, generalized)


@pytest.mark.parametrize(
    "text",
    [
        *("", "lost", "loss(", "loss()", "loss(rank", "height(rank)", "loss(gs=2)"),
        *("loss(gs=nan)", "loss(gs=-1)", "loss(rank,gs)", "loss(mean)"),
    ],
)
def test_what_is_no_measure_is_told_in_a_sentence(text):
    with pytest.raises(PrivacyToolError, match=r"\.$"):
        parse_measure(text)


def ask(**request):
    return search_problem(ROLES, **({"require": ["k-anonymity=2"]} | request))


def test_a_request_is_read_whole():
    problem = ask(
        require_file=[
            {"model": "t-closeness", "column": "s,(x)", "distance": "equal", "at_most": 0.2}
        ],
        suppression_limit=0.05,
        minimize="entropy",
        levels=["age=1..3", "a=b=2"],
        weights={"age": 2},
    )
    assert problem.models == (
        KAnonymity(k=2),
        TCloseness(column="s,(x)", distance="equal", t=0.2),
    )
    assert problem.levels == {"age": (1, 3), "a=b": (2, 2)}
    assert problem.weights == {"age": 2.0}
    assert problem.suppression().models == problem.models


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({"method": "guess"}, "'guess' is not a method"),
        ({"require": []}, "at least one privacy model"),
        ({"require": ["k=2"]}, "is not a privacy model"),
        ({"require": ["alpha(age)=0.5"]}, "'age', which is not a sensitive"),
        ({"require_file": {"model": "k-anonymity"}}, "must hold a list"),
        ({"suppression_limit": 1.2}, "from 0 to 1"),
        ({"suppression_limit": float("nan")}, "from 0 to 1"),
        ({"minimize": "beauty"}, "not a measure of loss"),
        ({"levels": ["age"]}, "written like age=1..3"),
        ({"levels": ["age=x"]}, "written like age=1..3"),
        ({"levels": ["age=1..", "age=1"]}, "written like age=1..3"),
        ({"levels": ["age=1", "age=2"]}, "given twice"),
        ({"levels": ["s,(x)=1"]}, "not a quasi-identifier"),
        ({"weights": {"nobody": 1}}, "not a quasi-identifier"),
        ({"weights": {"age": True}}, "must be a number"),
        ({"weights": {"age": 10**400}}, "must be a number"),
        ({"weights": {"age": -1}}, "from 0 upwards"),
        ({"weights": {"age": 0, "a=b": 0}}, "Every column has the weight 0"),
        ({"weights": [1]}, "one JSON object"),
        ({"weights": {"age": 1}, "minimize": "height"}, "not made up column by column"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(request_, sentence):
    with pytest.raises(PrivacyToolError, match=sentence) as caught:
        ask(**request_)
    assert str(caught.value).endswith(".")


def test_without_quasi_identifiers_there_is_nothing_to_search():
    with pytest.raises(PrivacyToolError, match="quasi-identifier"):
        search_problem(Roles(by_column={}), require=["k-anonymity=2"])
