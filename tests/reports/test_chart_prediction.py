import pytest

from microdata.measure import Estimate, NotComputed
from reports.chart_prediction import predicted_targets, prediction_scores
from reports.stage import Stage

PLACE = ("utility", "prediction", "salary-class")


def score(value, low=None, high=None):
    return Estimate(value=value, low=low, high=high, method="mean of 5 random splits", seed=0)


def stage(figures):
    return Stage(figures={(*PLACE, *path): figure for path, figure in figures.items()}, sizes={})


@pytest.fixture
def classes():
    return stage(
        {
            ("baseline", "accuracy"): score(0.75),
            ("logistic_regression", "accuracy", "release"): score(0.804, 0.79, 0.82),
            ("logistic_regression", "accuracy", "original"): score(0.83),
            ("gradient_boosting", "accuracy", "release"): score(0.79),
            ("gradient_boosting", "accuracy", "original"): score(0.84),
        }
    )


def test_the_title_speaks_of_the_model_that_learns_most_from_the_original(classes):
    spec = prediction_scores(classes, "salary-class")
    assert spec.title == (
        "A model trained on this table predicts salary-class right for 79 of 100 people; trained "
        "on the original, for 84; always saying the most frequent value, for 75"
    )
    assert spec.categories == ("Logistic regression", "Boosted trees")
    assert [s.values for s in spec.series] == [(0.75, 0.75), (0.804, 0.79), (0.83, 0.84)]
    assert spec.series[1].texts == ("80.4 % (79.0–82.0 %)", "79.0 %")
    assert "80.4 %" in spec.alt
    assert spec.note.startswith("Estimated: mean of 5 random splits; seed 0. ")
    assert predicted_targets(classes) == ("salary-class",)


def test_numbers_are_told_as_differences_and_never_below_nothing():
    spec = prediction_scores(
        stage(
            {
                ("baseline", "r_squared"): score(-0.001, -0.01, 0.01),
                ("ridge_regression", "r_squared", "release"): score(-0.2),
                ("ridge_regression", "r_squared", "original"): score(0.4),
            }
        ),
        "salary-class",
    )
    assert spec.title.startswith("A model trained on this table predicts 0 % of the differences")
    assert [s.values for s in spec.series] == [(0,), (0,), (0.4,)]
    assert [s.texts[0] for s in spec.series] == ["-0.1 %", "-20.0 %", "40.0 %"]


def test_without_models_there_is_no_chart():
    none = Stage(figures={PLACE: NotComputed(reason="Too few rows.")}, sizes={})
    assert prediction_scores(none, "salary-class") is None
    assert predicted_targets(none) == ()
    assert prediction_scores(Stage(figures={}, sizes={}), "salary-class") is None
