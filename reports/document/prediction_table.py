"""What trained models predict as one table: a line a model and a way of scoring it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reports.document.model import Table
from reports.document.stand_out_tables import stage_text
from reports.prediction_names import METRICS, MODELS
from reports.wording import shorten

if TYPE_CHECKING:
    from reports.assessment import Assessment
    from reports.narrative import FigureRow

PREDICTION = ("utility", "prediction")
_LONGEST = 6  # utility, prediction, column, model, score, whose


def is_prediction(row: FigureRow) -> bool:
    """Whether a figure stands in the table of models and not in a line of its own."""
    return row.path[:2] == PREDICTION and len(row.path) >= _LONGEST - 1


def prediction_table(rows: Sequence[FigureRow], assessment: Assessment) -> Table:
    """Return how well models predict each column, trained on this table and on the original."""
    asked = dict.fromkeys(row.path[2:5] for row in rows if len(row.path) == _LONGEST)
    body = []
    for target, model, metric in asked:
        at = (*PREDICTION, target)
        paths = (
            (*at, "baseline", metric),
            *((*at, model, metric, whose) for whose in ("original", "release", "relative")),
        )
        body.append(
            (
                f"{shorten(target, 40)}, {METRICS[metric][1]}",
                MODELS[model],
                *(stage_text(assessment.shared, path) for path in paths),
            )
        )
    return Table(
        head=(
            "Predicted, score",
            "Model",
            "No model",
            "Trained on the original",
            "Trained on this table",
            "Share kept",
        ),
        rows=tuple(body),
        widths=(0.26, 0.18, 0.12, 0.16, 0.16, 0.12),
        right=(2, 3, 4, 5),
    )
