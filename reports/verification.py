"""Verification: what of a report holds when it is recomputed from the data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from microdata.errors import PrivacyToolError
from reports.assessment import Assessment, assess, versions
from reports.attached import Attached
from reports.document.attachments import attachments
from reports.document.pdf import write_pdf
from reports.document.sections import build_document
from reports.document.text import clean
from reports.input_files import read_table
from reports.rebuilding import Material, Rebuilt, damaged, rebuild, unrecorded_hierarchies
from reports.repeated import (
    MOST_TARGETS,
    PREDICTION,
    OnDemand,
    answered_twice,
    on_demand_of,
    opinion_leaves,
)
from reports.saved_leaves import (
    NOT_THERE,
    Leaves,
    is_figure,
    leaves_of,
    pair_words,
    place_words,
    rounding_at,
    same,
)
from reports.wording import format_count, join_names
from risk.policy import PRESETS
from transforms.hierarchies import read_hierarchies

if TYPE_CHECKING:
    from microdata.measure import Path

DECIDED = frozenset({"roles", "recipe", "policy", "population", "seed", "missing", "answers"})
"""What somebody decided: nothing to recompute, and everything is recomputed with it."""
_NO_STATEMENT = frozenset({"elsewhere", "made_at", "versions"})
_ON_DEMAND = frozenset({"second_opinion"})
_OF_THE_FILE = ("file_sha256", "read", "issues")
_OF_THE_RELEASE = frozenset(
    {
        *("after", "verdicts", "detected", "scenarios", "sensitivity", "second_opinion"),
        *("overall", "pia", "register", "release_sha256"),
    }
)
_NOT_AS_WRITTEN = (
    ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
)  # fmt: skip
_CONTENT = ("dataset", "content_sha256")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A statement that does not hold: where it stands, its name, what was said and what is."""

    place: Path
    name: str
    said: str
    recomputed: str


@dataclass(frozen=True, kw_only=True)
class NotChecked:
    """A part that could not be recomputed, how many statements that is, and why."""

    what: str
    statements: int
    because: str


@dataclass(frozen=True, kw_only=True)
class Verification:
    """
    What of a report holds.

    Parameters
    ----------
    figures, statements : int
        How many figures hold, and how many other statements: verdicts, findings, digests.
    differences : tuple of Difference
        What does not hold.
    figures_differing : int
        How many of these are figures.
    not_checked : tuple of NotChecked
    remarks : tuple of str
        What is other than it was when the report was made.
    """

    figures: int
    statements: int
    differences: tuple[Difference, ...]
    figures_differing: int
    not_checked: tuple[NotChecked, ...]
    remarks: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether everything that was checked holds."""
        return not self.differences

    @property
    def other_table(self) -> bool:
        """Whether the table is not the one that the report was made of."""
        return any(difference.place == _CONTENT for difference in self.differences)

    @property
    def sentence(self) -> str:
        """How much holds and what does not, as a sentence."""
        held = _counted(self.figures, self.statements)
        if self.holds:
            return f"All that was checked holds: {held}."
        others = len(self.differences) - self.figures_differing
        missed = _counted(self.figures_differing, others)
        lead = "The table is not the one that the report was made of. " if self.other_table else ""
        verb = "does" if len(self.differences) == 1 else "do"
        names = join_names([difference.name for difference in self.differences], longest=120)
        return f"{lead}{held} hold, {missed} {verb} not: {names}."

    def describe(self) -> list[str]:
        """Return the result in lines."""
        return [
            self.sentence,
            *(f"does not hold: {d.name} -- report: {d.said}; recomputed: {d.recomputed}"
              for d in self.differences),
            *(f"not checked: {part.what} ({part.statements:,}), because {part.because}"
              if part.statements else f"not checked: {part.what}, because {part.because}"
              for part in self.not_checked),
            *self.remarks,
        ]  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """Return the result as an object."""
        return {
            "holds": self.holds,
            "sentence": self.sentence,
            "figures": {"hold": self.figures, "do_not": self.figures_differing},
            "statements": {
                "hold": self.statements,
                "do_not": len(self.differences) - self.figures_differing,
            },
            "differences": [
                vars(difference) | {"place": list(difference.place)}
                for difference in self.differences
            ],
            "not_checked": [vars(part) for part in self.not_checked],
            "remarks": list(self.remarks),
        }


def verify_files(
    report: FilePath,
    data: FilePath,
    *,
    hierarchies: FilePath | None = None,
    read: str | None = None,
    population: FilePath | None = None,
    release: FilePath | None = None,
) -> Verification:
    """
    Recompute from files what a report says; the data is read as it was for the report.

    Raises
    ------
    PrivacyToolError
        A file that cannot be read, or as in `verify`.
    """
    attached = Attached.from_pdf(report.read_bytes())
    dataset = read_table(data, attached.read if read is None else read)
    folder = {} if hierarchies is None else read_hierarchies(hierarchies, dataset.column_names)
    material = Material(
        dataset=dataset,
        hierarchies=folder,
        population=None if population is None else read_table(population, read),
        elsewhere=None if release is None else read_table(release),
    )
    return verify(attached, material)


def verify(attached: Attached, material: Material) -> Verification:
    """
    Recompute from the data what a report says, and hold both together.

    That takes as long as the report took to make: with a second opinion up to a minute more, and
    seconds more for each column that trained models predict.

    Parameters
    ----------
    attached : Attached
        What the report carries.
    material : Material
        The data, the hierarchies, and other tables that the report was made with.

    Raises
    ------
    PrivacyToolError
        The attached assessment is damaged, does not fit the table at all, or was made with a
        table of the population that is not given.
    """
    saved = attached.assessment
    try:
        rebuilt = rebuild(saved, material)
        asked = on_demand_of(saved, material.dataset.column_names)
        here = not rebuilt.release_missing
        made = assess(
            rebuilt.case,
            second_opinion=here and bool(asked.opinions),
            on_demand=asked.measures if here else (),
        )
        said, found = (
            leaves_of(part, without=DECIDED | _NO_STATEMENT | _ON_DEMAND)
            for part in (saved, made.to_json())
        )
        theirs, again, unanswered = answered_twice(
            asked.opinions, made.second_opinion, rebuilt.case
        )
        said |= _own_statements(attached) | opinion_leaves(theirs)
        found |= _own_statements(attached, rebuilt) | opinion_leaves(again)
        why = _Reasons(attached, rebuilt, asked, said, found)
        return _compared(why, tuple(unanswered.values()))
    except PrivacyToolError as error:
        if _digest_of(saved) in ("", material.dataset.digest):
            raise
        raise PrivacyToolError(
            f"The table is not the one that the report was made of. {error}"
        ) from error
    except _NOT_AS_WRITTEN as error:
        raise damaged() from error


def _digest_of(saved: Mapping[str, Any]) -> str:
    dataset = saved.get("dataset")
    digest = dataset.get("content_sha256") if isinstance(dataset, Mapping) else ""
    return digest if isinstance(digest, str) else ""


def _own_statements(attached: Attached, rebuilt: Rebuilt | None = None) -> Leaves:
    """Return what a report says of its own parts; with a case, what it should say."""
    saved = attached.assessment
    policy, recipe = saved["policy"], saved["recipe"]
    found: Leaves = {}
    if policy and policy["id"] in PRESETS:
        preset = PRESETS[policy["id"]]
        found["policy", preset.id] = policy if rebuilt is None else preset.to_json()
    found["recipe.json",] = attached.recipe if rebuilt is None else recipe
    for column, digest in (recipe or {}).get("hierarchies", {}).items():
        held = None if rebuilt is None else rebuilt.case.hierarchies.get(column)
        found["hierarchy", column] = digest if rebuilt is None else getattr(held, "digest", None)
    return found


def _compared(why: _Reasons, unanswered: tuple[str, ...]) -> Verification:
    attached, rebuilt, said, now = why.attached, why.rebuilt, why.said, why.now
    differences: list[Difference] = []
    unchecked = dict(Counter(("the second opinion", because) for because in unanswered))
    held = {True: 0, False: 0}
    figures_differing = 0
    for place in dict.fromkeys((*said, *now)):
        one, other = said.get(place, NOT_THERE), now.get(place, NOT_THERE)
        reason = why.of(place)
        figure = is_figure(one) or is_figure(other)
        if reason is not None:
            unchecked[reason] = unchecked.get(reason, 0) + 1
        elif same(one, other, rounding=rounding_at(place)):
            held[figure] += 1
        else:
            figures_differing += figure
            first, second = pair_words(one, other)
            differences.append(
                Difference(place=place, name=place_words(place), said=first, recomputed=second)
            )
    parts = [
        NotChecked(what=what, statements=number, because=because)
        for (what, because), number in unchecked.items()
    ]
    pages = _pages(attached)
    if pages:
        parts.append(NotChecked(what="the printed pages", statements=0, because=pages))
    return Verification(
        figures=held[True],
        statements=held[False] + (not pages),
        differences=tuple(differences),
        figures_differing=figures_differing,
        not_checked=(*parts, *_beyond()),
        remarks=tuple(_remarks(attached.assessment, rebuilt, differing=bool(differences))),
    )


class _Reasons:
    """Why a statement is not checked."""

    def __init__(
        self, attached: Attached, rebuilt: Rebuilt, asked: OnDemand, said: Leaves, now: Leaves
    ) -> None:
        self.attached, self.rebuilt, self.asked = attached, rebuilt, asked
        self.said, self.now = said, now
        saved, dataset = attached.assessment["dataset"], rebuilt.case.dataset
        self.copied = (
            saved["content_sha256"] == dataset.digest
            and saved["file_sha256"] != dataset.file_sha256
        )

    def of(self, place: Path) -> tuple[str, str] | None:
        """Return what the statement belongs to and why that is not checked, or None."""
        if place == ("dataset", "name") and self.said[place] != self.now[place]:
            return "the name of the file", "a file may be renamed"
        if self.copied and place[0] == "dataset" and place[1] in _OF_THE_FILE:
            return "the file itself", "another file was given, with the same content"
        if place[0] == "attacks" and place[1:2] and place[1] in self.rebuilt.unchecked_attacks:
            why = self.rebuilt.unchecked_attacks[place[1]]
            return f"the attack {clean(place[1], 80)}", why
        if self.rebuilt.release_missing and self._of_release(place):
            because = "the release was made elsewhere and is not given"
            return "the table that would be shared", because
        if place[1:3] == PREDICTION and self.asked.left_out & set(place[3:4]):
            return "trained models", f"they are trained again for {MOST_TARGETS} columns at most"
        return self._under_key(place)

    def _of_release(self, place: Path) -> bool:
        return (
            place[0] in _OF_THE_RELEASE
            or (place[0] == "attributes" and place[-1] == "action")
            or (place[0] == "attacks" and place[2:3] == ("now",))
            or (place[:2] == ("before", "findings") and place not in self.said)
        )

    def _under_key(self, place: Path) -> tuple[str, str] | None:
        """Return why a statement about pseudonyms may differ, where it does."""
        columns = self.rebuilt.pseudonyms
        if not columns or same(self.said.get(place), self.now.get(place)):
            return None
        if place == ("release_sha256",) or set(columns) & set(place):
            because = "pseudonyms are made with a key that no report holds"
            return f"what depends on the pseudonyms of {clean(join_names(columns), 200)}", because
        return None


def _pages(attached: Attached) -> str:
    """Return why the printed pages are not known to be those of the assessment, or ""."""
    try:
        assessment = Assessment.from_json(attached.assessment)
    except PrivacyToolError:
        return "the attached assessment is at odds with itself, and no pages can be drawn from it"
    # The bytes that are attached: the order of keys in them says nothing.
    files = {
        name: (attached.files.get(name, data), words)
        for name, (data, words) in attachments(assessment).items()
    }
    if write_pdf(build_document(assessment), files) == attached.pdf:
        return ""
    return (
        "the file is not byte for byte what is drawn here from its assessment: it was signed, "
        "saved again or changed, or drawn with other fonts. Compare it with a report made anew"
    )


def _beyond() -> Iterator[NotChecked]:
    yield NotChecked(
        what="roles, policy, recipe, population, rule for missing values, seed and answers",
        statements=0,
        because="they are what somebody decided; the figures were recomputed with them",
    )
    yield NotChecked(
        what="the time at which the report was made", statements=0, because="no data tells it"
    )


def _remarks(saved: Mapping[str, Any], rebuilt: Rebuilt, *, differing: bool) -> Iterator[str]:
    yield from rebuilt.remarks
    here, then = versions(), saved["versions"]
    others = [name for name in here if then.get(name) != here[name]]
    if others:
        yield (
            f"Other versions than those of the report are installed here: {join_names(others)}. "
            "Estimates and simulated attacks may differ for that reason."
        )
    if differing and (sentence := unrecorded_hierarchies(rebuilt.case)):
        yield sentence


def _counted(figures: int, statements: int) -> str:
    noun = "figure" if figures == 1 else "figures"
    other = "statement" if statements == 1 else "statements"
    parts = [f"{format_count(figures)} {noun}"] if figures else []
    if statements or not parts:
        parts.append(f"{format_count(statements)} other {other}")
    return " and ".join(parts)
