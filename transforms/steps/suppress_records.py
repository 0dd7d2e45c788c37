"""Leave out the records whose class of look-alikes fails a privacy model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.grouping import classes_of, remember_classes, tuples_of
from microdata.release import Release, TupleMask
from risk.models import PrivacyModel, model_from_json, parse_model
from transforms.step import StepContext, check_keys

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import EquivalenceClasses


@dataclass(frozen=True, kw_only=True)
class SuppressRecords:
    """
    Leave out whole equivalence classes until every required privacy model holds.

    A class that fails a model of scope "class" is left out. That never makes another class fail,
    because those models look at one class and at the original table only. For a model of scope
    "table" the smallest classes are left out, as few as needed, ties in the order of the records.

    Parameters
    ----------
    require : tuple of str
        Models in the command line's MODEL form, or as the text of a JSON object where a column's
        name does not fit that form.
    """

    name: ClassVar[str] = "suppress_records"
    title: ClassVar[str] = "Leave out records"
    keeps_rule: ClassVar[bool] = True

    require: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.require:
            raise PrivacyToolError(
                "The step 'suppress_records' requires nothing. Name at least one privacy model, "
                "such as k-anonymity=5."
            )
        object.__setattr__(self, "require", tuple(_canonical(text) for text in self.require))

    @cached_property
    def models(self) -> tuple[PrivacyModel, ...]:
        """The privacy models that are required."""
        return tuple(_model(text) for text in self.require)

    @property
    def columns(self) -> tuple[str, ...]:
        """No column is changed by this step."""
        return ()

    def describe(self) -> str:
        """Return what the step does, as a sentence."""
        wanted = "; ".join(model.describe().rstrip(".") for model in self.models)
        word = "this rule" if len(self.models) == 1 else "one of these rules"
        return f"Leave out the records whose group of look-alikes breaks {word}: {wanted}."

    def to_json(self) -> dict[str, Any]:
        """Return the step as it stands in a recipe file."""
        return {
            "step": self.name,
            "require": [
                json.loads(text) if text.startswith("{") else text for text in self.require
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SuppressRecords:
        """Read the step from a recipe file."""
        check_keys(data, {"require"}, step=cls.name)
        require = data.get("require")
        if not isinstance(require, list) or not all(isinstance(m, (str, dict)) for m in require):
            raise PrivacyToolError(
                "In the step 'suppress_records' 'require' must be a list of privacy models, each "
                "as text or as an object."
            )
        return cls(
            require=tuple(
                model if isinstance(model, str) else json.dumps(model) for model in require
            )
        )

    def apply(self, release: Release, context: StepContext) -> Release:
        """Return the release without the records that fail; it may be empty."""
        roles = context.roles
        classes = classes_of(release, roles, context.population)
        keep = np.ones(classes.n_classes, bool)
        for model in self.models:
            if model.scope == "class":
                keep &= ~model.failing(classes)
        for model in self.models:
            if model.scope == "table":
                keep = smallest_left_out(model, classes, keep)
        if keep.all():
            return release
        selected = classes.select(keep)
        tuples = tuples_of(release, roles, selected)
        if tuples is None:
            return release.keeping(_row_mask(release, classes, keep))
        base, class_of_tuple = tuples
        kept = release.keeping(TupleMask(base, class_of_tuple >= 0))
        remember_classes(kept, roles, selected)
        return kept


def _model(text: str) -> PrivacyModel:
    if text.startswith("{"):
        return model_from_json(json.loads(text))
    return parse_model(text)


def _canonical(text: str) -> str:
    """Return the one way of writing a model, so that equal recipes have equal digests."""
    try:
        model = _model(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise PrivacyToolError(
            "A privacy model in the step 'suppress_records' is not valid JSON. Check its brackets."
        ) from error
    try:
        written = model.text()
        if written == text or parse_model(written) == model:
            return written
    except PrivacyToolError:
        pass  # a column's name that the text form cannot hold
    return json.dumps(model.to_json(), sort_keys=True, ensure_ascii=False)


def smallest_left_out(
    model: PrivacyModel, classes: EquivalenceClasses, keep: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Leave out the fewest of the smallest classes with which a model of the table holds."""
    # Halving finds the fewest where leaving out helps; delta-presence it can only break.
    if not model.failing(classes.select(keep)).any():
        return keep
    kept = np.flatnonzero(keep)
    by_size = kept[np.argsort(classes.count[kept], kind="stable")]

    def without(number: int) -> NDArray[np.bool_]:
        smaller = keep.copy()
        smaller[by_size[:number]] = False
        return smaller

    low, high = 0, by_size.size
    while low < high:
        middle = (low + high) // 2
        if model.failing(classes.select(without(middle))).any():
            low = middle + 1
        else:
            high = middle
    return without(low)


def _row_mask(
    release: Release, classes: EquivalenceClasses, keep: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    kept = np.zeros(release.source.records, bool)
    kept[release.record_index] = keep[classes.class_of]
    return kept
