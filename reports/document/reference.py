"""The appendices: how each figure is defined, and what the report was made from."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from reports.document.model import Block, Bullets, Paragraph, Section, Table
from reports.document.outline import numbered
from reports.document.scales import scale_section
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
    ("t-closeness, ordered distance", "The same with neighbouring values close to each other.",
     "max Σ |P_i − Q_i| / (m − 1); P, Q cumulated over the m values in order"),
    ("t-closeness, hierarchical distance",
     "The same with values under one label close to each other.",
     "Earth Mover's Distance; two values are apart by the level where they meet, over the height"),
    ("alpha", "The largest share of one value in a group.", "max p(s | group)"),
    ("beta-likeness", "How much likelier a value gets in a group; enhanced: capped for rare ones.",
     "max (p − q)/q over values that gain; enhanced: only where every gain is at most −ln q"),
    ("delta-disclosure", "The largest change of a share; strictly, an absent value is infinite.",
     "max |log2 p/q| over the values present"),
    ("Homogeneity",
     "The share of people whose group has one sensitive value only; nearly: has it for a share θ.",
     "max p(s | group) = 1; nearly: ≥ θ, with θ = 0.9 and 0.8"),
    ("Similarity",
     ("Distinct l, homogeneity and t once values are replaced by their categories at each level of "
      "the hierarchy; of numbers and dates, how far those of a group lie apart."),
     "(max − min in the group) / (max − min in the original); nearly the same: at most 0.05"),
    ("Background knowledge",
     "How many values an attacker must rule out in a group before another one has the share θ.",
     "least t with r_1/(r_1 + r_(t+2) + … + r_m) ≥ θ; θ = 1 and 0.9; r_1 ≥ r_2 ≥ … counts"),
    ("Inference and its control",
     "How often the best guess from the group is right; the control leaves the person out.",
     "A = Σ max n_s / n; prior B = max q; advantage (A − B)/(1 − B); control A_loo"),
    ("Gain from the own record",
     "What the guess from the group gets right that the control gets wrong.",
     "(A − A_loo)/(1 − A_loo)"),
    ("Posterior over prior", "How many times likelier a value gets in a group.",
     "max p/q over groups and values"),
    ("Inference of numbers",
     ("How near the middle number of the group comes to the true one x; prior: that of the "
      "original; control: that of the group without the person."),
     "near: |guess − x| ≤ 0.1 |x|; error: median of |guess − x| / (max − min in the original)"),
    ("Singling out",
     ("How often a condition that is read off the table fits exactly one person: all columns of a "
      "record, one value, or a random record's values on random columns."),
     "luck: n w (1 − w)^(n−1); weight w = Π of the shares that each column's part fits"),
    ("Predicate singling out",
     "The chance that a random part of a group of f, one in f, is exactly one person.",
     "(1 − 1/f)^(f−1); told only of groups that are rarer than 1/n"),
    ("Linkability",
     ("The columns are divided between two files, A and B: whose two records can be put together "
      "although neither file alone leaves one candidate."),
     "share of people with f(A, B) = 1, f(A) > 1, f(B) > 1; worst and mean over divisions"),
    ("Membership",
     ("How well a table of the population tells who is in the release: whoever has a look-alike "
      "in it, or those with the highest scores."),
     "advantage TPR − FPR; scores f_j/F_j: area under the curve, TPR at FPR = 1 %"),
    ("Beyond luck or guessing (residual)",
     "What an attack r achieves of what its baseline b leaves to achieve.", "(r − b)/(1 − b)"),
    ("Simulated linkage attack",
     ("The attacker picks at random among the records C that fit what is known, with its errors "
      "and gaps; the pick is averaged out, no single guess is counted."),
     ("p = 1/|C| if the person is in C, else 0; first guess: mean p; precision: Σ p / claims; "
      "gain: (mean p − 1/n)/(1 − 1/n)")),
    ("Composition of two releases",
     "The group and the values that are left for a person to whoever holds both releases.",
     "f: people in both E_1 and E_2; given away: one value in both S_1 and S_2, the values in E"),
    ("k-map", "The smallest group in the population.", "min F_j"),
    ("delta-presence", "How certain it is that a person of the population is in the table.",
     "least and greatest f_j/F_j over the groups of the population"),
    ("Population uniqueness, Pitman", "Estimated from the number of groups of each size.",
     "N Γ(θ+1)/Γ(θ+α) Γ(N+θ+α−1)/Γ(N+θ), by maximum likelihood"),
    ("Population uniqueness, Zayatz", "As if the population's groups were like the table's.",
     "c_1 P/f; P from hypergeometric probabilities"),
    ("Population uniqueness, SNB", "Group sizes as a shifted negative binomial.",
     "K b^a; K, a, b from c_1 and c_2"),
    ("Rule for the estimators", "Which of the three is picked.",
     "f ≤ 0.1: Pitman, else Zayatz; f > 0.1: the smaller of SNB and Zayatz"),
    ("Log-linear estimates", "People alone in table and population, from expected group sizes.",
     "τ_1 = Σ exp(−v), τ_2 = Σ (1 − exp(−v))/v; v = (1 − f) μ/f"),
    ("Journalist risk, estimated", "From the size of the population, or from sampling weights.",
     "E[1/F | f] = (p^f/f) 2F1(f, f; f+1; 1−p)"),
    ("Household risk", "The chance to find anybody of a household.", "1 − Π (1 − r_i)"),
    ("Minimal sample unique", "Columns by which a person is unique, with no part that is enough.",
     ""),
    ("SUDA and DIS-SUDA", "How special a unique person is, and the chance that a match is right.",
     "Σ (M − |S|)!; 1/(1 + P(1 − π)/π / (score^Q A))"),
    ("Unicity", "The share of people alone with what is known of m columns.", ""),
    ("Distinction", "How many different values a column has, per person.", "values / n"),
    ("Separation", "The chance that two people differ in a column.",
     "1 − Σ C(f_j, 2) / C(n, 2)"),
    ("Granularity", "How much detail the released values keep.",
     "1 − mean of |leaves covered| / |leaves|, rescaled; left out rows count as lost"),
    ("Discernibility", "How large the groups became.", "Σ f_j², left out rows count n each"),
    ("Non-uniform entropy", "How certain the original value is, given the released one.",
     "−Σ log2 (freq(x) / freq(released))"),
    ("Shape of a column", "How far apart two distributions are; coarse values are spread evenly.",
     "total variation: ½ Σ |p − q|; Kolmogorov-Smirnov: max |P − Q|"),
    ("Link between two columns", "How well one column tells the other; now less original.",
     "numbers: r = cov/(s s); texts: V with Bergsma's correction; mixed: η² = between/total"),
    ("Mutual information", "How much knowing one column helps to guess another.",
     "2 I(X; Y) / (H(X) + H(Y))"),
    ("Error of counting questions", "How wrong random counts are, answered from the table.",
     "|answer − truth| / max(truth, 0.1 % of n)"),
)  # fmt: skip
REFERENCES = (
    "P. Samarati (2001): Protecting respondents' identities in microdata release. TKDE 13(6).",
    "L. Sweeney (2002): k-anonymity: a model for protecting privacy. IJUFKS 10(5).",
    "A. Machanavajjhala et al. (2007): l-diversity: privacy beyond k-anonymity. TKDD 1(1).",
    "N. Li, T. Li, S. Venkatasubramanian (2007): t-closeness. ICDE.",
    "K. El Emam, F. Dankar (2008): Protecting privacy using k-anonymity. JAMIA 15(5).",
    "K. El Emam (2013): Guide to the de-identification of personal health information. CRC Press.",
    "R. Motwani, Y. Xu (2007): Efficient algorithms for masking and finding quasi-identifiers.",
    "V. Iyengar (2002): Transforming data to satisfy privacy constraints. KDD.",
    "R. Bayardo, R. Agrawal (2005): Data privacy through optimal k-anonymization. ICDE.",
    "R. Wong et al. (2006): (alpha, k)-anonymity. KDD.",
    "J. Cao, P. Karras (2012): Publishing microdata with a robust privacy guarantee. VLDB.",
    "J. Brickell, V. Shmatikov (2008): The cost of privacy. KDD.",
    "F. Dankar, K. El Emam (2010): A method for evaluating marketer re-identification risk. PAIS.",
    "M. Nergiz, M. Atzori, C. Clifton (2007): Hiding the presence of individuals. SIGMOD.",
    "N. Hoshino (2001): Applying Pitman's sampling formula to microdata disclosure. JOS 17(4).",
    "L. Zayatz (1991): Estimation of the percent of unique population elements.",
    "G. Chen, S. Keller-McNulty (1998): Estimation of identification disclosure risk. JOS 14(1).",
    "F. Dankar et al. (2012): Estimating the re-identification risk of clinical data. BMC MIDM 12.",
    "M. Elamir, C. Skinner (2006): Record level measures of disclosure risk. JOS 22(3).",
    "C. Skinner, N. Shlomo (2008): Assessing identification risk in survey microdata. JASA 103.",
    (
        "R. Benedetti, L. Franconi (1998): Statistical and technological solutions for "
        "controlled data dissemination. NTTS."
    ),
    "L. Franconi, S. Polettini (2004): Individual risk estimation in mu-Argus. PSD.",
    (
        "M. Elliot, A. Manning, R. Ford (2002): A computational algorithm for handling the special "
        "uniques problem. IJUFKS 10(5)."
    ),
    "A. Manning, D. Haglin, J. Keane (2008): A recursive search for special uniques. DMKD 16.",
    "C. Skinner, M. Elliot (2002): A measure of disclosure risk for microdata. JRSS B 64(4).",
    (
        "M. Templ, A. Kowarik, B. Meindl (2015): Statistical disclosure control for micro-data "
        "using the R package sdcMicro. JSS 67(4)."
    ),
    "A. Hundepool et al. (2012): Statistical disclosure control. Wiley.",
    "Article 29 Data Protection Working Party (2014): Opinion 05/2014 on anonymisation techniques.",
    "M. Giomi et al. (2023): A unified framework for quantifying privacy risk. PoPETs.",
    "A. Cohen, K. Nissim (2020): Towards formalizing the GDPR's notion of singling out. PNAS 117.",
    "S. Yeom et al. (2018): Privacy risk in machine learning. CSF.",
    "S. Ganta et al. (2008): Composition attacks and auxiliary information in data privacy. KDD.",
    (
        "R. Wong, A. Fu, K. Wang, J. Pei (2007): Minimality attack in privacy preserving data "
        "publishing. VLDB."
    ),
    "A. Cohen (2022): Attacks on deidentification's defenses. USENIX Security.",
    (
        "S. Chhillar et al. (2025): Exposing privacy risks in anonymizing clinical data. arXiv "
        "2509.03350."
    ),
    "I. Dinur, K. Nissim (2003): Revealing information while preserving privacy. PODS.",
    "J. Gower (1971): A general coefficient of similarity. Biometrics 27(4).",
    "E. Wilson (1927): Probable inference, the law of succession. JASA 22.",
    "W. Bergsma (2013): A bias-correction for Cramér's V and Tschuprow's T. JKSS 42(3).",
    "K. LeFevre, D. DeWitt, R. Ramakrishnan (2008): Workload-aware anonymization. TODS 33(3).",
    "A. Gionis, T. Tassa (2009): k-anonymization with minimal loss of information. TKDE 21(2).",
)


def method_section(assessment: Assessment) -> list[Section]:
    """Return the definitions, formulas and references."""
    threshold = assessment.disclosure_threshold
    return [
        numbered(
            "A",
            (
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
        scale_section(assessment),
        Section(title="References", level=2, together=True, blocks=(Bullets(items=REFERENCES),)),
    ]


def _policy_digest(assessment: Assessment) -> str:
    if assessment.policy is None:
        return "no policy"
    text = json.dumps(assessment.policy.to_json(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


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
        ("Policy, SHA-256", _policy_digest(assessment)),
        ("Made at (UTC)", assessment.made_at),
    )
    versions = tuple((name, shorten(version)) for name, version in assessment.versions.items())
    blocks: list[Block] = [
        Table(head=("What", "Value"), rows=rows, widths=(0.28, 0.72)),
        Table(head=("Software", "Version"), rows=versions, widths=(0.28, 0.72)),
    ]
    attached = "assessment.json (every figure of this report), settings.json (what was set)"
    if assessment.recipe is not None:
        attached += ", recipe.json (the steps: rule parameters and digests)"
    blocks.append(
        Paragraph(
            text=f"Attached to this file: {attached}. With the input file and these settings "
            "anyone can compute every figure again."
        )
    )
    return [numbered("B", blocks)]
