"""Policies: requirements from a named, dated source, and whether a release meets them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any, Literal, get_args

from microdata.errors import PrivacyToolError
from microdata.evidence import Detected
from microdata.measure import Figure, NotComputed, Path
from risk.checklist import CHECK_KEYS, Check, check_from_json
from risk.matrix import MATRIX, Matrix, read_matrix
from risk.models.base import is_number
from risk.requirement import K_ANONYMITY, Requirement, number_words

__all__ = [
    "PRESETS",
    "Check",
    "Policy",
    "Requirement",
    "Source",
    "Verdict",
    "load_policy",
    "policy_from_bytes",
]

Status = Literal["law", "guidance", "precedent", "convention"]
STATUSES: tuple[Status, ...] = get_args(Status)
LEAST_DISCLOSURE_THRESHOLD = 5
MAX_FILE_BYTES = 1_000_000
MAX_RULES = 200

_POLICY_KEYS = (
    "id",
    "title",
    "setting",
    "source",
    "status",
    "verified_on",
    "note",
    "requirements",
    "matrix",
)
_SOURCE_KEYS = ("title", "section", "url", "edition", "date")
_REQUIREMENT_KEYS = ("figure", "at_least", "at_most", "title", "why")


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a policy's numbers stand."""

    title: str
    section: str = ""
    url: str = ""
    edition: str = ""
    date: str = ""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """
    Whether a release meets one requirement.

    Parameters
    ----------
    policy : str
        The policy's id.
    requirement : str
        The requirement's title.
    verdict : {"met", "not met", "not computed"}
    why : str
        The figure and the threshold in words.
    """

    policy: str
    requirement: str
    verdict: Literal["met", "not met", "not computed"]
    why: str

    def to_json(self) -> dict[str, str]:
        """Return the verdict as the command line prints it."""
        return {
            "policy": self.policy,
            "requirement": self.requirement,
            "verdict": self.verdict,
            "why": self.why,
        }


@dataclass(frozen=True, kw_only=True)
class Policy:
    """
    Requirements and their source.

    Parameters
    ----------
    id, title : str
    setting : str
        For which kind of release it was made.
    source : Source
    status : {"law", "guidance", "precedent", "convention"}
    verified_on : str, optional
        When the source was last read; None prints "source not re-read".
    note : str
        What the numbers leave out.
    requirements : tuple of Requirement
        On figures.
    checks : tuple of Check
        On what is not a figure.
    matrix : tuple of tuples of str
        The cell of each severity by likelihood.
    """

    id: str
    title: str
    setting: str
    source: Source
    status: Status
    verified_on: str | None = None
    note: str = ""
    requirements: tuple[Requirement, ...] = ()
    checks: tuple[Check, ...] = ()
    matrix: Matrix = MATRIX

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise PrivacyToolError(
                f"The policy {self.id!r} needs a status: one of {', '.join(STATUSES)}."
            )
        if not self.requirements and not self.checks:
            raise PrivacyToolError(
                f"The policy {self.id!r} has no requirement, so everything would meet it. Add one."
            )

    @property
    def class_size(self) -> int | None:
        """The class size that it requires, if it requires one."""
        sizes = [
            int(rule.at_least)
            for rule in self.requirements
            if rule.figure == K_ANONYMITY and rule.at_least is not None
        ]
        return max(sizes, default=None)

    @property
    def disclosure_threshold(self) -> int:
        """The fewest people a value may belong to that is shown in a document."""
        return max(LEAST_DISCLOSURE_THRESHOLD, self.class_size or 0)

    def judge(
        self,
        figures: Mapping[Path, Figure],
        *,
        columns: Sequence[Detected] = (),
        answers: Mapping[str, object] = MappingProxyType({}),
    ) -> tuple[Verdict, ...]:
        """
        Return a verdict for each requirement, then for each check.

        Parameters
        ----------
        figures : mapping of Path to Estimate or NotComputed
            Of the table that would be shared.
        columns : sequence of Detected
            What its columns seem to hold (`microdata.identifiers.detected`); without them, checks
            of columns are not computed.
        answers : mapping of str to object
            What a person answered, for checks that only a person can make.
        """
        verdicts = [self._verdict(rule, figures) for rule in self.requirements]
        for check in self.checks:
            ruling, why = check.judge(figures, columns, answers)
            verdicts.append(
                Verdict(policy=self.id, requirement=check.title, verdict=ruling, why=why)
            )
        return tuple(verdicts)

    def _verdict(self, rule: Requirement, figures: Mapping[Path, Figure]) -> Verdict:
        matching = {path: figures[path] for path in figures if rule.concerns(path)}
        verdict: Literal["met", "not met", "not computed"] = "met"
        if not matching:
            verdict, why = "not computed", f"{rule.words(rule.figure)} was not computed"
        else:
            path, figure = rule.decisive(matching)
            if isinstance(figure, NotComputed):
                verdict, why = "not computed", figure.reason
            else:
                verdict = "met" if rule.met_by(figure.value) else "not met"
                why = f"{rule.words(path)} is {number_words(figure.value)}, {rule.threshold_text}"
        return Verdict(policy=self.id, requirement=rule.title, verdict=verdict, why=why)

    def to_json(self) -> dict[str, Any]:
        """Return the policy in the form of its file; without the matrix where it is ours."""
        own = {} if self.matrix == MATRIX else {"matrix": [list(row) for row in self.matrix]}
        return own | {
            "id": self.id,
            "title": self.title,
            "setting": self.setting,
            "source": {key: getattr(self.source, key) for key in _SOURCE_KEYS},
            "status": self.status,
            "verified_on": self.verified_on,
            "note": self.note,
            "requirements": [
                {"figure": list(rule.figure)}
                | ({} if rule.at_least is None else {"at_least": rule.at_least})
                | ({} if rule.at_most is None else {"at_most": rule.at_most})
                | {"title": rule.title, "why": rule.why}
                for rule in self.requirements
            ]
            + [check.to_json() for check in self.checks],
        }

    @classmethod
    def from_json(cls, data: object) -> Policy:
        """
        Read a policy.

        Raises
        ------
        PrivacyToolError
            Unknown or lacking keys, wrong types, or a requirement that cannot be judged.
        """
        where = "The policy file"
        policy = _object(data, _POLICY_KEYS, where)
        source = _object(policy.get("source"), _SOURCE_KEYS, f"{where} under 'source'")
        rules = policy.get("requirements")
        if not isinstance(rules, list):
            raise PrivacyToolError(f"{where} needs a list under 'requirements'. Add it.")
        if len(rules) > MAX_RULES:
            raise PrivacyToolError(f"{where} holds more than {MAX_RULES} requirements. Shorten it.")
        judged = [_rule(rule) for rule in rules]
        verified = policy.get("verified_on")
        return cls(
            id=_text(policy, "id", where),
            title=_text(policy, "title", where),
            setting=_text(policy, "setting", where, needed=False),
            source=Source(
                **{
                    key: _text(source, key, f"{where} under 'source'", needed=key == "title")
                    for key in _SOURCE_KEYS
                }
            ),
            status=policy.get("status"),  # type: ignore[arg-type]  # checked in __post_init__
            verified_on=None if verified is None else _text(policy, "verified_on", where),
            note=_text(policy, "note", where, needed=False),
            requirements=tuple(rule for rule in judged if isinstance(rule, Requirement)),
            checks=tuple(rule for rule in judged if isinstance(rule, Check)),
            matrix=read_matrix(policy["matrix"]) if "matrix" in policy else MATRIX,
        )


def _object(data: object, keys: tuple[str, ...], where: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise PrivacyToolError(f"{where} must be a JSON object.")
    unknown = {str(key) for key in data} - set(keys)
    if unknown:
        raise PrivacyToolError.unknown_keys(unknown, where=where)
    return data


def _text(data: Mapping[str, Any], key: str, where: str, *, needed: bool = True) -> str:
    value = data.get(key, None if needed else "")
    if not isinstance(value, str) or (needed and not value):
        raise PrivacyToolError(f"{where} needs text for {key!r}.")
    return value


def _rule(data: object) -> Requirement | Check:
    where = "A requirement of the policy file"
    if isinstance(data, dict) and "check" in data:
        check = _object(data, CHECK_KEYS, where)
        why = _text(check, "why", where, needed=False)
        return check_from_json(check, _text(check, "title", where), why)
    return _requirement(_object(data, _REQUIREMENT_KEYS, where), where)


def _requirement(rule: Mapping[str, Any], where: str) -> Requirement:
    figure = rule.get("figure")
    if not isinstance(figure, list) or not all(isinstance(name, str) for name in figure):
        raise PrivacyToolError(
            f"{where} needs its figure as a list of names, such as ['models', 'k-anonymity']."
        )
    for key in ("at_least", "at_most"):
        value = rule.get(key)
        if value is not None and not is_number(value):
            raise PrivacyToolError(f"{where} needs a number for {key!r}.")
    return Requirement(
        figure=tuple(figure),
        at_least=rule.get("at_least"),
        at_most=rule.get("at_most"),
        title=_text(rule, "title", where),
        why=_text(rule, "why", where, needed=False),
    )


def _read(path: FilePath) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError:
        raise PrivacyToolError(f"The policy file {path.name!r} cannot be opened.") from None


def _parsed(raw: bytes, name: str) -> Policy:
    if len(raw) > MAX_FILE_BYTES:
        raise PrivacyToolError(
            f"The policy file {name!r} is larger than 1 MB. Check that it is one."
        )
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise PrivacyToolError(
            f"The policy file {name!r} cannot be read as JSON. Save it as UTF-8 and check its "
            "brackets."
        ) from None
    return Policy.from_json(data)


_FOLDER = FilePath(__file__).parent / "policies"
_PRESET_IDS = (
    "k3",
    "k5",
    "k10",
    "k11",
    "k20",
    "school10",
    "cms11",
    "ema-hc",
    "ipc-low",
    "ipc-medium",
    "ipc-high",
    "hipaa-safe-harbor",
    "wp216",
    "quebec",
)
PRESETS: Mapping[str, Policy] = MappingProxyType(
    {name: _parsed(_read(_FOLDER / f"{name}.json"), f"{name}.json") for name in _PRESET_IDS}
)
"""The policies that come with the product, by id."""


def load_policy(name: str | FilePath) -> Policy:
    """
    Return a policy that comes with the product, or read one from a file.

    Parameters
    ----------
    name : str or pathlib.Path
        One of `PRESETS`, or a file of the same form.

    Raises
    ------
    PrivacyToolError
        No such policy and no such file, or the file is not a policy.
    """
    if isinstance(name, str) and name in PRESETS:
        return PRESETS[name]
    path = FilePath(name)
    if not path.is_file():
        raise PrivacyToolError(
            f"There is no policy {path.name!r}, and no file of that name. Use a file or one of: "
            f"{', '.join(PRESETS)}."
        )
    return policy_from_bytes(_read(path), path.name)


def policy_from_bytes(raw: bytes, name: str) -> Policy:
    """
    Read the policy of an organisation.

    Parameters
    ----------
    raw : bytes
        The file, in the form of the policies that come with the product.
    name : str
        What the file is called, for messages.

    Raises
    ------
    PrivacyToolError
        Too large, no JSON, not a policy, or another policy under the id of one that comes with
        the product.
    """
    policy = _parsed(raw, name)
    if PRESETS.get(policy.id, policy) != policy:
        raise PrivacyToolError(
            f"The policy file {name!r} has the id {policy.id!r}, under which another policy comes "
            "with the product. Give it an id of its own."
        )
    return policy
