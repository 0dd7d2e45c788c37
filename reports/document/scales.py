"""How risk levels are set: the scale, the chance of an attempt, the matrix and the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.document.model import Bullets, Paragraph, Section, Table
from reports.document.risk_sections import matrix_table
from reports.likelihood import ATTEMPT, ATTEMPT_SOURCE, CONTROLS, MOTIVES

if TYPE_CHECKING:
    from reports.assessment import Assessment

LEVELS = (
    ("1", "at most 1 in 20", "20 or more", "IPC Ontario 2025, high invasion of privacy"),
    ("2", "over 1 in 20, at most 1 in 11", "11 to 19", "EMA Policy 0070, Health Canada, CMS"),
    ("3", "over 1 in 11, at most 1 in 5", "5 to 10", "the common practice of k = 5"),
    ("4", "over 1 in 5", "4 or fewer", "below every cited floor but k = 3"),
)
RULES = (
    (
        "R is the chance of a try times the chance to be found by whoever tries: one over the "
        "smallest group, or the average risk where the release is not public and the policy "
        "judges the average; or the highest risk of a scenario's attacker, where that is higher."
    ),
    "The original and the table to be shared are judged by the same rule.",
    ("What binds the receiver lowers a level by one at most, and never that of a public release."),
    (
        "Somebody alone in the table makes it 3 at least, unless the table is known to be a part "
        "of everyone and nobody is known to be alone in the population."
    ),
    (
        "Illegitimate access is judged as if the table were public: nothing binds whoever got hold "
        "of it."
    ),
    (
        "A sensitive fact that is the same for a whole group makes its risk 4 whatever the "
        "group's size; a distance over the policy's t makes it one level more."
    ),
    "A leak counts the worse of both risks, as if everybody had the table and a try were certain.",
    "A figure that is estimated counts with its upper end.",
    "Without a person who confirms the list of quasi-identifiers by name it is 2 at least.",
    (
        "Columns of a special category, of money or places, and data on children set the severity "
        "to 3 at least; a lower answer counts only with a written reason, which is printed."
    ),
    "At severity 4 no cell is green, however unlikely it is.",
)
STATUS = (
    "Status of the scale: product convention, anchored on cited precedents; their sources were not "
    "re-read. Thresholds are group sizes: 1 in 11 is 0.0909, the accepted reading of 0.09."
)


def scale_section(assessment: Assessment) -> Section:
    """Return how likelihood and severity become a level."""
    attempts = tuple(
        (controls, *(f"{float(ATTEMPT[controls][motive]):.0%}".replace("%", " %")
                     for motive in MOTIVES))
        for controls in CONTROLS
    )  # fmt: skip
    return Section(
        title="How risk levels are set",
        level=2,
        blocks=(
            Table(
                head=("Likelihood", "R", "Smallest group if a try is certain", "Anchor"),
                rows=LEVELS,
                widths=(0.14, 0.27, 0.24, 0.35),
            ),
            Bullets(items=RULES),
            Paragraph(
                text="The chance of a try, by what stops the receiver (some: a contract or "
                "training; strong: a secure room, or a contract and audited access) and by motive. "
                f"{ATTEMPT_SOURCE}."
            ),
            Table(
                head=("Controls", *(f"{motive} motive" for motive in MOTIVES)),
                rows=attempts,
                widths=(0.25, 0.25, 0.25, 0.25),
                right=(1, 2, 3),
            ),
            Paragraph(text="The matrix: severity by likelihood."),
            matrix_table(assessment, ()),
            Paragraph(text=STATUS, style="note"),
        ),
    )
