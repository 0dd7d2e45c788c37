"""What the figures of risk do not say about columns whose values were changed at random."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from microdata.measure import Context, Finding, MeasureResult, NotComputed
from risk.models.base import NOTHING_RELEASED


@dataclass(frozen=True, kw_only=True)
class Perturbation:
    """
    A warning where a quasi-identifier is perturbed, a note where a sensitive attribute is.

    Groups of look-alikes are counted on the released values. After noise, swapping, group means
    or PRAM an attacker who looks for the true values misses people or finds wrong ones, and group
    sizes measure neither.
    """

    name: ClassVar[str] = "perturbation"
    title: ClassVar[str] = "Values changed at random"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Hundepool et al. 2012, chapter 3"
    interactive: ClassVar[bool] = True

    def needs(self, context: Context) -> NotComputed | None:
        """Return why there is nothing to warn of, or None."""
        return None if context.release.released_records else NOTHING_RELEASED

    def evaluate(self, context: Context) -> MeasureResult:
        """Give the findings; there is no figure."""
        findings: list[Finding] = []
        if self.needs(context) is not None:
            return MeasureResult(figures={})
        known = _perturbed(context, context.roles.quasi_identifiers)
        if known:
            message = (
                f"Values of the {known} were changed and need not be the true ones. Groups of "
                "look-alikes are counted on the changed values, so their sizes do not measure this "
                "protection: somebody in a small group may still be hard to find, because an "
                "attacker looks for true values, and somebody in a large group may still be easy "
                "to find, where little was changed. A simulated attack that allows for errors "
                "measures it."
            )
            findings.append(Finding(code="values-perturbed", severity="warning", message=message))
        learned = _perturbed(context, context.roles.sensitive)
        if learned:
            message = (
                f"Values of the {learned} were changed and need not be the true ones. What can be "
                "learned about people is counted on the changed values; that an attacker who "
                "trusts them is sometimes wrong is in none of these figures."
            )
            findings.append(Finding(code="sensitive-perturbed", severity="note", message=message))
        return MeasureResult(figures={}, findings=tuple(findings))


def _perturbed(context: Context, names: tuple[str, ...]) -> str:
    """Return the perturbed ones among some columns for a sentence, or ""."""
    columns = context.release.columns
    found = [repr(name) for name in names if name in columns and columns[name].perturbed]
    return f"column{'s' if len(found) > 1 else ''} {', '.join(found)}" if found else ""
