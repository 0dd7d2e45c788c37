"""What the figures of trained models are called, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.figure_names import Row, Unit

MODELS = {
    "logistic_regression": "logistic regression",
    "ridge_regression": "ridge regression",
    "gradient_boosting": "boosted trees",
}
METRICS = {
    "accuracy": ("right predictions", "accuracy",
                 "The share of people, not trained on, whose value is predicted right"),
    "auc": ("order of predictions", "area under the ROC curve",
            "How often a person with a value is thought likelier to have it than one without"),
    "r_squared": ("differences predicted", "R squared",
                  "The share of the differences between people, not trained on, that is predicted"),
}  # fmt: skip


def prediction_rows(section: str) -> tuple[Row, ...]:
    """Return the row of each figure, for the list of all names."""
    rows: list[Row] = [
        ("utility.prediction", section, "Predictions by trained models", "model utility", "number",
         "higher", "How well models that are trained on the table predict people they never saw."),
        ("utility.prediction.*", section, "{0}: predictions by trained models", "model utility",
         "number", "higher",
         "How well models that are trained on the table predict people they never saw."),
        ("utility.propensity.pmse", section, "Rows told apart from the original", "pMSE", "number",
         "lower", "0: a model cannot tell the rows of this table from those of the original."),
        ("utility.propensity.share_of_largest", section,
         "Rows told apart from the original, as a share of all", "pMSE / (c (1 - c))", "share",
         "lower", "0 %: no row can be told from the original's; 100 %: every row can."),
        ("utility.classification.*", section, "{0}: records whose group says otherwise",
         "classification metric", "share", "lower",
         "The share of records whose value is not the commonest of their group, or that are out."),
    ]  # fmt: skip
    for metric, (what, term, meaning) in METRICS.items():
        at = "utility.prediction.*"
        unit: Unit = "share" if metric == "accuracy" else "number"
        rows.append(
            (f"{at}.baseline.{metric}", section, f"{{0}}: {what} without a model", term, unit, "",
             f"{meaning}; everybody is given the same.")
        )  # fmt: skip
        for model, words in MODELS.items():
            place = f"{at}.{model}.{metric}"
            rows += [
                (f"{place}.release", section,
                 f"{{0}}: {what} by a model trained on this table ({words})", term, unit,
                 "higher", f"{meaning}; {words}."),
                (f"{place}.original", section,
                 f"{{0}}: {what} by a model trained on the original ({words})", term, unit, "",
                 f"{meaning}; {words}."),
                (f"{place}.relative", section, f"{{0}}: {what}, share kept ({words})",
                 f"relative {term}", "number", "higher",
                 "1: as well as a model trained on the original; 0: no better than no model."),
            ]  # fmt: skip
    return tuple(rows)
