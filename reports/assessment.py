"""One assessment: everything measured before and after, from which every presentation is made."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import microdata
from microdata.dataset import ReadOptions
from microdata.encoding import EncodedTable
from microdata.errors import PrivacyToolError
from microdata.evidence import Detected
from microdata.identifiers import detected
from microdata.measure import Measure
from microdata.release import Release
from microdata.roles import Roles
from reports import sensitivity as sensitivity_json
from reports.alternatives import Alternative, try_alternatives
from reports.attacks import AttackReport, carry_out
from reports.attributes import AttributeRow, attribute_rows
from reports.case import Case
from reports.case_findings import case_findings
from reports.headline import policy_size
from reports.measuring import MEASURES, evaluate
from reports.questionnaire import judge, read_answers
from reports.register import risk_register
from reports.saved import saved_record, saved_text, saved_texts
from reports.scenarios import ScenarioResult, judge_scenarios
from reports.severity import matrix_cell
from reports.stage import Stage
from risk.columns import Sensitivity, sensitivity
from risk.criteria import criteria
from risk.matrix import MATRIX, Matrix
from risk.policy import Policy, Verdict
from risk.second_opinion import Comparison
from risk.second_opinion import second_opinion as ask_second_opinion
from transforms.recipe import Recipe

LIBRARIES = ("numpy", "pandas", "numba", "scipy", "pyarrow", "reportlab", "pikepdf", "streamlit")


@dataclass(frozen=True, kw_only=True)
class DatasetSummary:
    """What the report says of the file: counts, digests and how it was read; never its values."""

    name: str
    records: int
    columns: int
    file_sha256: str
    content_sha256: str
    read: Mapping[str, Any]
    issues: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """
    What screen, PDF and command line print.

    Parameters
    ----------
    dataset : DatasetSummary
    attributes : tuple of AttributeRow
    roles : Roles
    recipe : mapping, optional
        The recipe's JSON; None without one.
    recipe_text : tuple of str
        Its steps in words.
    recipe_digest, release_sha256 : str
        Digests of the recipe and of the released content, or "".
    elsewhere : str
        Name of a release that was made elsewhere, or "".
    policy : Policy, optional
    population : str
        The population, or the assumption in its place, as a sentence.
    before : Stage
    after : Stage, optional
    verdicts : tuple of Verdict
        On the table that would be shared: after if there is one, else before.
    detected : tuple of Detected
        What the released columns seem to hold, on what evidence.
    scenarios : tuple of ScenarioResult
        Attackers with quasi-identifiers of their own, the worst one first.
    attacks : tuple of AttackReport
        Simulated attacks, the one that finds most people first.
    alternatives : tuple of Alternative
        Other versions of the recipe that were tried.
    second_opinion : tuple of Comparison
        What another program says of the table that would be shared; empty if it was not asked.
    sensitivity : Sensitivity
        What knowing one column less, or one more, does to the risk.
    answers : mapping
        What the user answered.
    seed : int
    missing : str
        The rule for missing values in quasi-identifiers.
    made_at : str
        UTC time, ISO 8601.
    versions : mapping of str to str
    """

    dataset: DatasetSummary
    attributes: tuple[AttributeRow, ...]
    roles: Roles
    recipe: Mapping[str, Any] | None
    recipe_text: tuple[str, ...]
    recipe_digest: str
    release_sha256: str
    elsewhere: str
    policy: Policy | None
    population: str
    before: Stage
    after: Stage | None
    verdicts: tuple[Verdict, ...]
    detected: tuple[Detected, ...]
    scenarios: tuple[ScenarioResult, ...]
    attacks: tuple[AttackReport, ...]
    alternatives: tuple[Alternative, ...]
    second_opinion: tuple[Comparison, ...]
    sensitivity: Sensitivity
    answers: Mapping[str, Any]
    seed: int
    missing: str
    made_at: str
    versions: Mapping[str, str]

    @property
    def shared(self) -> Stage:
        """The stage of the table that would be shared."""
        return self.after or self.before

    @property
    def disclosure_threshold(self) -> int:
        """The smallest number of people whose value may be printed."""
        return self.policy.disclosure_threshold if self.policy else 5

    @property
    def matrix(self) -> Matrix:
        """The risk matrix in force: the policy's."""
        return self.policy.matrix if self.policy else MATRIX

    @property
    def all_verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts on all quasi-identifiers together, then those on each scenario."""
        others = (verdict for result in self.scenarios for verdict in result.verdicts)
        return (*self.verdicts, *others)

    @property
    def overall(self) -> str:
        """The verdict in words, by the rule that the report prints."""
        if self.policy is None:
            return "no policy chosen"
        said = {verdict.verdict for verdict in self.all_verdicts}
        cell = self.pia["cell"]
        if "not met" in said or cell == "red":
            return "not acceptable"
        still_high = any(risk.residual == "red" for risk in risk_register(self))
        unread = any(found.reading == "not assessed" for found in criteria(self.shared.figures))
        if "not computed" in said or cell in {"amber", None} or still_high or unread:
            return "acceptable with conditions"
        return "acceptable on the computed evidence"

    @property
    def pia(self) -> dict[str, Any]:
        """Severity (asked), likelihood (computed) and the cell of the matrix, before and now."""
        return matrix_cell(self)

    def to_json(self) -> dict[str, Any]:
        """Return the object of ``assess --json``; `from_json` reads it back without loss."""
        data: dict[str, Any] = {
            "dataset": {
                "name": self.dataset.name,
                "records": self.dataset.records,
                "columns": self.dataset.columns,
                "file_sha256": self.dataset.file_sha256,
                "content_sha256": self.dataset.content_sha256,
                "read": dict(self.dataset.read),
                "issues": list(self.dataset.issues),
            },
            "attributes": [vars(row) for row in self.attributes],
            "roles": self.roles.to_json(),
            "recipe": None if self.recipe is None else dict(self.recipe),
            "recipe_text": list(self.recipe_text),
            "recipe_digest": self.recipe_digest,
            "release_sha256": self.release_sha256,
            "elsewhere": self.elsewhere,
            "policy": self.policy.to_json() if self.policy else None,
            "population": self.population,
            "seed": self.seed,
            "missing": self.missing,
            "made_at": self.made_at,
            "versions": dict(self.versions),
            "before": self.before.to_json(),
        }
        if self.after is not None:
            data["after"] = self.after.to_json()
        return data | {
            "verdicts": [vars(verdict) for verdict in self.verdicts],
            "detected": [column.to_json() for column in self.detected],
            "scenarios": [result.to_json() for result in self.scenarios],
            "attacks": [report.to_json() for report in self.attacks],
            "alternatives": [found.to_json() for found in self.alternatives],
            "second_opinion": [made.to_json() for made in self.second_opinion],
            "sensitivity": sensitivity_json.to_json(self.sensitivity),
            "overall": self.overall,
            "pia": self.pia,
            "register": [risk.to_json() for risk in risk_register(self)],
            "answers": dict(self.answers),
        }

    @classmethod
    def from_json(cls, data: object) -> Assessment:
        """
        Read a saved assessment.

        Raises
        ------
        PrivacyToolError
            Not an assessment, or one that was changed by hand.
        """
        try:
            assessment = cls._from_json(data)
        except PrivacyToolError:
            raise
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise PrivacyToolError(
                "This file is not a saved assessment of this version. Make it with "
                "`privascope assess DATA --roles ROLES --json FILE`."
            ) from error
        if assessment.verdicts != judge(
            assessment.policy, assessment.shared.figures, assessment.detected, assessment.answers
        ):
            raise PrivacyToolError(
                "The verdicts of the saved assessment do not follow from its figures. "
                "It was changed after it was written; make it again."
            )
        return assessment

    @classmethod
    def _from_json(cls, data: Any) -> Assessment:
        dataset = data["dataset"]
        return cls(
            dataset=saved_record(
                DatasetSummary,
                dataset
                | {
                    "issues": saved_texts(dataset["issues"]),
                    "read": ReadOptions.from_json(dataset["read"]).to_json(),
                },
            ),
            attributes=tuple(saved_record(AttributeRow, row) for row in data["attributes"]),
            roles=Roles.from_json(data["roles"]),
            recipe=None if data["recipe"] is None else Recipe.from_json(data["recipe"]).to_json(),
            recipe_text=saved_texts(data["recipe_text"]),
            recipe_digest=saved_text(data["recipe_digest"]),
            release_sha256=saved_text(data["release_sha256"]),
            elsewhere=saved_text(data["elsewhere"]),
            policy=Policy.from_json(data["policy"]) if data["policy"] else None,
            population=saved_text(data["population"]),
            before=Stage.from_json(data["before"]),
            after=Stage.from_json(data["after"]) if "after" in data else None,
            verdicts=tuple(saved_record(Verdict, verdict) for verdict in data["verdicts"]),
            detected=tuple(map(Detected.from_json, data["detected"])),
            scenarios=tuple(map(ScenarioResult.from_json, data["scenarios"])),
            attacks=tuple(map(AttackReport.from_json, data["attacks"])),
            alternatives=tuple(map(Alternative.from_json, data["alternatives"])),
            sensitivity=sensitivity_json.from_json(data["sensitivity"]),
            second_opinion=tuple(map(Comparison.from_json, data["second_opinion"])),
            answers=read_answers(data["answers"]),
            seed=int(data["seed"]),
            missing=saved_text(data["missing"]),
            made_at=saved_text(data["made_at"]),
            versions=MappingProxyType(
                dict(zip(data["versions"], saved_texts(data["versions"].values()), strict=True))
            ),
        )


def assess(
    case: Case,
    *,
    now: datetime | None = None,
    source: EncodedTable | None = None,
    second_opinion: bool = False,
    on_demand: Sequence[Measure] = (),
) -> Assessment:
    """
    Measure a table before and, with a recipe or a release made elsewhere, after.

    Parameters
    ----------
    case : Case
    now : datetime, optional
        The clock; fixed in tests so that documents are the same byte for byte.
    source : EncodedTable, optional
        The table of the case, where it is encoded already.
    second_opinion : bool
        Whether another program recomputes the main figures; that takes seconds, at most a minute.
    on_demand : sequence of Measure
        Further measures of the table that would be shared: `utility.ON_DEMAND_MEASURES`.

    Raises
    ------
    PrivacyToolError
        No quasi-identifier, a recipe that does not fit the table, and other mistakes.
    """
    case.roles.require_quasi_identifiers()
    source = case.encoded() if source is None else source
    release = case.release(source)
    threshold = case.disclosure_threshold
    before = evaluate(
        case.context(Release.original(source)),
        threshold=threshold,
        measures=MEASURES if release else (*MEASURES, *on_demand),
    )
    after = None
    if release is not None:
        after = evaluate(
            case.context(release), threshold=threshold, measures=(*MEASURES, *on_demand)
        )
    shown = release or Release.original(source)
    told = case_findings(case, case.context(shown))
    shared = after or before
    shared = replace(shared, findings=(*shared.findings, *told))
    before, after = (shared, None) if after is None else (before, shared)
    columns = examined_columns(case, shown)
    return Assessment(
        dataset=DatasetSummary(
            name=case.dataset.name,
            records=case.dataset.records,
            columns=len(case.dataset.columns),
            file_sha256=case.dataset.file_sha256,
            content_sha256=case.dataset.digest,
            read=MappingProxyType(case.dataset.read.to_json()),
            issues=tuple(issue.message for issue in case.dataset.issues),
        ),
        attributes=attribute_rows(case, release),
        roles=case.roles,
        recipe=None if case.recipe is None else MappingProxyType(case.recipe.to_json()),
        recipe_text=() if case.recipe is None else tuple(case.recipe.describe()),
        recipe_digest="" if case.recipe is None else case.recipe.digest,
        release_sha256="" if release is None else release_digest(release),
        elsewhere="" if case.elsewhere is None else case.elsewhere.name,
        policy=case.policy,
        population=case.population.assumption,
        before=before,
        after=after,
        verdicts=judge(case.policy, shared.figures, columns, case.answers),
        detected=columns,
        sensitivity=sensitivity(case.context(shown), policy_size(case.policy)),
        scenarios=judge_scenarios(case, shown, columns),
        attacks=carry_out(case, source, release, case.attacks),
        alternatives=try_alternatives(case, source),
        second_opinion=ask_second_opinion(shown, case.roles, missing=case.missing)
        if second_opinion
        else (),
        answers=case.answers,
        seed=case.seed,
        missing=case.missing,
        made_at=(now or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        versions=MappingProxyType(versions()),
    )


def examined_columns(case: Case, release: Release) -> tuple[Detected, ...]:
    """Return what the columns of a release seem to hold, on what evidence."""
    return detected(release, case.roles, threshold=case.disclosure_threshold)


def release_digest(release: Release) -> str:
    """Return the SHA-256 of a released table's content: names, then texts and codes by column."""
    sha = hashlib.sha256()
    for name, column in release.columns.items():
        for text in (name, *(text or "" for text in column.texts)):
            raw = text.encode("utf-8", "surrogatepass")
            sha.update(len(raw).to_bytes(8, "little"))
            sha.update(raw)
        sha.update(release.codes(name)[release.written_order].astype("<u4").tobytes())
    return sha.hexdigest()


def versions() -> dict[str, str]:
    """Return the versions of the product, of Python and of the libraries that made the figures."""
    return {
        "privascope": microdata.VERSION,
        "python": platform.python_version(),
    } | {name: importlib.metadata.version(name) for name in LIBRARIES}
