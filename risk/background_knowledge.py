"""How many values of a sensitive attribute an attacker must rule out to know a person's value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from microdata.measure import Context, Figure, MeasureResult, NotComputed, Path
from risk import inference_kernels
from risk.attribute_inference import absent_values, people_in
from risk.models.base import NOTHING_RELEASED, missing_caveats, number_text, worst_class

REACHED = (1.0, 0.9)
"""How sure the attacker wants to be: certain, or nearly."""


@dataclass(frozen=True, kw_only=True)
class BackgroundKnowledge:
    """
    How little an attacker must know beside the release to learn a sensitive attribute.

    The least number of values that must be ruled out in a class before another has the share
    theta: in the worst class, and the share of people for whom none, or at most one, is needed.
    Whoever is alone in a class needs none.

    Notes
    -----
    With the counts r_1 >= r_2 >= ... of a class, the least t with
    r_1 / (r_1 + r_{t+2} + ... + r_m) >= theta. For theta = 1 it is the number of values less one.

    References
    ----------
    Machanavajjhala et al. 2007, background knowledge attack.
    """

    name: ClassVar[str] = "background-knowledge"
    title: ClassVar[str] = "Knowledge that an attacker lacks"
    better: ClassVar[Literal["lower", "higher"]] = "higher"
    reference: ClassVar[str] = "Machanavajjhala et al. 2007, background knowledge attack"
    interactive: ClassVar[bool] = False

    def needs(self, context: Context) -> NotComputed | None:
        """Return why it cannot be computed, or None."""
        return None if context.classes.n_records else NOTHING_RELEASED

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figures."""
        classes = context.classes
        figures: dict[Path, Figure] = {}
        for column in context.roles.sensitive:
            absent = absent_values(classes, column)
            for theta in REACHED:
                place = ("models", "background-knowledge", column, number_text(theta))
                if absent is not None:
                    for key in ("smallest", "none", "at_most_one"):
                        figures[*place, key] = absent
                    continue
                contingency = classes.sensitive[column]
                needed = inference_kernels.ruled_out(contingency.offsets, contingency.n, theta)
                figures[*place, "smallest"] = worst_class(
                    needed,
                    worst="min",
                    column=column,
                    caveats=missing_caveats(contingency, column),
                    whole=True,
                )
                figures[*place, "none"] = people_in(classes, column, needed <= 0)[0]
                figures[*place, "at_most_one"] = people_in(classes, column, needed <= 1)[0]
        return MeasureResult(figures=figures)
