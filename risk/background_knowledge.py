"""How many values of a sensitive attribute an attacker must rule out to know a person's value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from microdata.measure import Context, Figure, Path
from risk import inference_kernels
from risk.attribute_inference import absent_values, people_in
from risk.class_measures import AttributeMeasure
from risk.models.base import missing_caveats, number_text, worst_class

REACHED = (1.0, 0.9)
"""How sure the attacker wants to be: certain, or nearly."""
KEYS = ("smallest", "none", "at_most_one")


@dataclass(frozen=True, kw_only=True)
class BackgroundKnowledge(AttributeMeasure):
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
    place: ClassVar[str] = "background-knowledge"
    title: ClassVar[str] = "Knowledge that an attacker lacks"
    better: ClassVar[Literal["lower", "higher"]] = "higher"
    reference: ClassVar[str] = "Machanavajjhala et al. 2007, background knowledge attack"
    interactive: ClassVar[bool] = False

    def of_attribute(self, context: Context, column: str) -> dict[Path, Figure]:
        """Compute the figures of one attribute."""
        classes = context.classes
        absent = absent_values(classes, column)
        if absent is not None:
            return {(number_text(theta), key): absent for theta in REACHED for key in KEYS}
        contingency = classes.sensitive[column]
        caveats = missing_caveats(contingency, column)
        figures: dict[Path, Figure] = {}
        for theta in REACHED:
            needed = inference_kernels.ruled_out(contingency.offsets, contingency.n, theta)
            found = (
                worst_class(needed, worst="min", column=column, caveats=caveats, whole=True),
                people_in(classes, column, needed <= 0)[0],
                people_in(classes, column, needed <= 1)[0],
            )
            for key, figure in zip(KEYS, found, strict=True):
                figures[number_text(theta), key] = figure
        return figures
