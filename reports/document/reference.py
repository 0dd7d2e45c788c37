"""The appendices: how each figure is defined, and what the report was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.document.model import Block, Bullets, Paragraph, Section, Table
from reports.wording import shorten

if TYPE_CHECKING:
    from reports.assessment import Assessment

DEFINITIONS: tuple[tuple[str, str, str], ...] = (
    ("Group of look-alikes (equivalence class)",
     "The people who have the same value in every quasi-identifier.",
     "n people, J groups, f_j people in group j"),
    ("k-anonymity", "The size of the smallest group.", "k = min f_j"),
    ("Prosecutor risk",
     "The chance to pick the right person from the group; the person is known to be in the table.",
     "highest 1/k, average J/n"),
    ("Journalist risk",
     "The same over the population, for an attacker who does not know who is in the table.",
     "highest max 1/F_j; F_j people of the population in group j"),
    ("Marketer risk", "The expected share of people found when all rows are matched.",
     "(1/n) Σ f_j/F_j"),
    ("Sample uniqueness", "The share of people who are alone in their group.",
     "number of j with f_j = 1, divided by n"),
    ("Distinct l-diversity", "The least number of different sensitive values in a group.",
     "l = min over groups"),
    ("Entropy l-diversity", "The effective number of sensitive values in the worst group.",
     "l = min exp(−Σ p ln p)"),
    ("Recursive (c, l)-diversity", "The most frequent value is rarer than c times the tail.",
     "r_1 < c (r_l + … + r_m)"),
    ("t-closeness, equal distance",
     "How far a group's shares are from everyone's, at most.", "t = max ½ Σ |p_i − q_i|"),
    ("Distinction", "How many different values a column has, per person.", "values / n"),
    ("Separation", "The chance that two people differ in a column.",
     "1 − Σ C(f_j, 2) / C(n, 2)"),
    ("Granularity", "How much detail the released values keep.",
     "1 − mean of |leaves covered| / |leaves|, rescaled; left out rows count as lost"),
    ("Discernibility", "How large the groups became.", "Σ f_j², left out rows count n each"),
    ("Non-uniform entropy", "How certain the original value is, given the released one.",
     "−Σ log2 (freq(x) / freq(released))"),
)  # fmt: skip
REFERENCES = (
    "L. Sweeney (2002): k-anonymity: a model for protecting privacy. IJUFKS 10(5).",
    "A. Machanavajjhala et al. (2007): l-diversity: privacy beyond k-anonymity. TKDD 1(1).",
    "N. Li, T. Li, S. Venkatasubramanian (2007): t-closeness. ICDE.",
    "K. El Emam, F. Dankar (2008): Protecting privacy using k-anonymity. JAMIA 15(5).",
    "R. Motwani, Y. Xu (2007): Efficient algorithms for masking and finding quasi-identifiers.",
    "V. Iyengar (2002): Transforming data to satisfy privacy constraints. KDD.",
    "R. Bayardo, R. Agrawal (2005): Data privacy through optimal k-anonymization. ICDE.",
    "A. Gionis, T. Tassa (2009): k-anonymization with minimal loss of information. TKDE 21(2).",
)


def method_section(assessment: Assessment) -> list[Section]:
    """Return the definitions, formulas and references."""
    threshold = assessment.disclosure_threshold
    return [
        Section(
            title="A Method",
            blocks=(
                Paragraph(
                    text="Risk is measured over the people who are in the table; loss of detail "
                    "over all rows of the original. Thresholds are group sizes, never decimals: "
                    "1/11 is 0.0909, yet a group of 11 is the accepted reading of 0.09."
                ),
                Table(
                    head=("Figure", "Definition", "Formula"),
                    rows=DEFINITIONS,
                    widths=(0.26, 0.42, 0.32),
                ),
                Paragraph(
                    text=f"This report prints no row, and no value held by fewer than {threshold} "
                    "people. Smaller bins of a distribution are left out or put together.",
                ),
            ),
            new_page=True,
        ),
        Section(title="References", level=2, together=True, blocks=(Bullets(items=REFERENCES),)),
    ]


def provenance_section(assessment: Assessment) -> list[Section]:
    """Return what the report was made from, so that anyone can make it again."""
    data = assessment.dataset
    rows = (
        ("Input file, SHA-256", data.file_sha256 or "not read from a file"),
        ("Input content, SHA-256", data.content_sha256),
        ("Recipe, SHA-256", assessment.recipe_digest or "no recipe"),
        ("Output content, SHA-256", assessment.release_sha256 or "no release"),
        ("Random seed", str(assessment.seed)),
        ("Missing values", assessment.missing),
        ("Policy", assessment.policy.id if assessment.policy else "none"),
        ("Made at (UTC)", assessment.made_at),
    )
    versions = tuple((name, shorten(version)) for name, version in assessment.versions.items())
    blocks: list[Block] = [
        Table(head=("What", "Value"), rows=rows, widths=(0.28, 0.72)),
        Table(head=("Software", "Version"), rows=versions, widths=(0.28, 0.72)),
    ]
    attached = "assessment.json (every figure and setting of this report)"
    if assessment.recipe is not None:
        attached += " and recipe.json (the steps: rule parameters and digests)"
    blocks.append(
        Paragraph(
            text=f"Attached to this file: {attached}. With the input file and these settings "
            "anyone can compute every figure again."
        )
    )
    return [Section(title="B Provenance", blocks=tuple(blocks))]
