"""The command line: the same engine and the same figures as the screen and the documents."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from microdata.dataset import Issue
from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy
from microdata.measure import NotComputed
from microdata.profile import profile, suggested_roles
from microdata.release import Release
from microdata.roles import Roles
from reports.assessment import Assessment, assess, release_digest
from reports.case import Case
from reports.command_line import MISTAKE, Command, command_parser
from reports.document.files import FORMS, write_documents
from reports.input_files import (
    dataset_json,
    read_alternatives,
    read_json,
    read_json_or,
    read_population,
    read_register,
    read_table,
)
from reports.questionnaire import answers_of
from reports.second_release import composition_of, second_case
from reports.spreadsheet import release_csv
from reports.summary import summary_lines
from reports.verification import verify_files
from risk.attacks import LinkageAttack
from risk.attacks.plan import read_plans
from risk.policy import load_policy
from risk.scenario import read_scenarios
from transforms.hierarchies import read_hierarchies
from transforms.recipe import Recipe
from transforms.replay import replay_check
from transforms.script import to_script
from transforms.search import (
    SearchResult,
    search,
    search_anjana,
    search_local,
    search_problem,
)
from utility import on_demand_measures

MET, NOT_MET = 0, 1


def main(argv: Sequence[str] | None = None) -> int:
    """
    Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; those of the process by default.

    Returns
    -------
    int
        0 on success, 1 where a policy is not met, 2 on a mistake in the call or the data.
    """
    arguments = command_parser(COMMANDS, __doc__).parse_args(argv)
    command: Command = arguments.command
    try:
        return command(arguments)
    except PrivacyToolError as error:
        print(f"privascope: {error}", file=sys.stderr)
        return MISTAKE
    except OSError as error:
        print(f"privascope: {_os_sentence(error)}", file=sys.stderr)
        return MISTAKE


def _profile(arguments: argparse.Namespace) -> int:
    dataset = read_table(arguments.data, arguments.read)
    found = profile(dataset)
    result = {
        "dataset": dataset_json(dataset),
        "profile": found.to_json(),
        "roles": suggested_roles(found).to_json(),
    }
    lines = [f"{dataset.name}: {dataset.records:,} rows, {len(dataset.columns)} columns"]
    lines += [f"{column.name}: {column.role.value} -- {column.reason}" for column in found.columns]
    _give(result, arguments.json, lines)
    return MET


def _assess(arguments: argparse.Namespace) -> int:
    asked = arguments.model_utility or arguments.predict
    assessment = assess(
        _case(arguments),
        second_opinion=arguments.second_opinion,
        on_demand=on_demand_measures(arguments.predict) if asked else (),
    )
    write_documents(assessment, _documents(arguments))
    _give(assessment.to_json(), arguments.json, summary_lines(assessment))
    failed = any(verdict.verdict == "not met" for verdict in assessment.all_verdicts)
    return NOT_MET if failed else MET


def _check(arguments: argparse.Namespace) -> int:
    assessment = assess(_case(arguments))
    result = {
        "policy": assessment.policy.id if assessment.policy else None,
        "verdicts": [vars(verdict) for verdict in assessment.verdicts],
        "scenarios": [result.to_json() for result in assessment.scenarios],
        "met": all(verdict.verdict == "met" for verdict in assessment.all_verdicts),
    }
    _give(result, arguments.json, summary_lines(assessment))
    return MET if result["met"] else NOT_MET


def _anonymize(arguments: argparse.Namespace) -> int:
    case = _case(arguments)
    if case.recipe is None:
        raise PrivacyToolError("anonymize needs --recipe: what should be done to the table?")
    source = case.encoded()
    release = case.release(source) or Release.original(source)
    arguments.out.write_bytes(release_csv(release, spreadsheet_safe=arguments.spreadsheet_safe))
    if arguments.script:
        arguments.script.write_text(_script(case, arguments), "utf-8")
    result = {
        "records": release.released_records,
        "suppressed": release.suppressed_records,
        "columns": list(release.columns),
        "recipe_digest": case.recipe.digest,
        "content_sha256": release_digest(release),
    }
    line = f"{release.released_records:,} records written, {release.suppressed_records:,} left out"
    _give(result, arguments.json, [line])
    return MET


def _script(case: Case, arguments: argparse.Namespace) -> str:
    return to_script(
        case.recipe or Recipe(),
        case.roles,
        tuple(case.hierarchies),
        case.seed,
        arguments.data.name,
        read=case.dataset.read,
        hierarchies_folder="" if arguments.hierarchies is None else arguments.hierarchies.name,
        out_name=arguments.out.name,
        spreadsheet_safe=arguments.spreadsheet_safe,
    )


def _suggest(arguments: argparse.Namespace) -> int:
    begun = time.perf_counter()
    case = _case(arguments)
    problem = search_problem(
        case.roles,
        require=arguments.require,
        require_file=read_json_or(arguments.require_file, None),
        suppression_limit=arguments.suppression_limit,
        minimize=arguments.minimize,
        method=arguments.method,
        levels=arguments.levels,
        weights=read_json_or(arguments.weights, None),
    )
    read = time.perf_counter()
    source = case.encoded()
    encoded = time.perf_counter()
    ways: Mapping[str, Callable[..., SearchResult]] = {
        "lattice": search,
        "local": search_local,
        "anjana": search_anjana,
    }
    found = ways[arguments.method](problem, source, case.population)
    seconds = {"read": read - begun, "encode": encoded - read, "search": found.seconds}
    result = found.to_json() | {"minimize": problem.measure.text(), "seconds": seconds}
    _give(result, arguments.json, found.describe())
    return NOT_MET if found.levels is None else MET


def _attack(arguments: argparse.Namespace) -> int:
    case = _case(arguments)
    source = case.encoded()
    attack = LinkageAttack(
        known=tuple(arguments.known),
        errors=arguments.errors,
        missing=arguments.missing_rate,
        knows_rule=arguments.attacker == "rule-aware",
        nearest=arguments.nearest,
        membership=arguments.membership,
        register=read_register(arguments.external, arguments.map),
        n_targets=arguments.targets,
        seed=arguments.seed,
        max_known=arguments.max_known,
    )
    found = attack.run(case.context(case.release(source) or Release.original(source)))
    if isinstance(found, NotComputed):
        raise PrivacyToolError(found.reason)
    result, lines = found.to_json(), found.describe()
    if arguments.second_recipe or arguments.second_release:
        second, issues = second_case(case, arguments.second_recipe, arguments.second_release)
        _tell(issues)
        both = composition_of(case, second, source, same_order=arguments.same_order)
        result, lines = result | {"composition": both.to_json()}, [*lines, *both.describe()]
    _give(result, arguments.json, lines)
    return MET


def _report(arguments: argparse.Namespace) -> int:
    assessment = Assessment.from_json(read_json(arguments.assessment))
    written = write_documents(assessment, _documents(arguments), public=arguments.public)
    _give(written, arguments.json, [])
    return MET


def _documents(arguments: argparse.Namespace) -> dict[str, Path | None]:
    return {name: getattr(arguments, name) for name in FORMS}


def _verify(arguments: argparse.Namespace) -> int:
    asked = ("hierarchies", "read", "population", "release")
    given = {name: getattr(arguments, name) for name in asked}
    found = verify_files(arguments.report, arguments.data, **given)
    _give(found.to_json(), arguments.json, found.describe())
    return MET if found.holds else NOT_MET


def _case(arguments: argparse.Namespace) -> Case:
    dataset = read_table(arguments.data, arguments.read)
    options = vars(arguments)
    hierarchies: Mapping[str, Hierarchy] = {}
    if arguments.hierarchies:
        hierarchies = read_hierarchies(arguments.hierarchies, dataset.column_names)
    recipe = None
    if arguments.recipe:
        recipe = Recipe.from_json(read_json(arguments.recipe))
        _tell(replay_check(recipe, dataset, hierarchies))
    return Case(
        dataset=dataset,
        roles=Roles.from_json(read_json(arguments.roles)),
        recipe=recipe,
        hierarchies=hierarchies,
        policy=load_policy(options["policy"]) if options.get("policy") else None,
        population=read_population(
            options.get("population_size"), options.get("population"), arguments.read
        ),
        elsewhere=read_table(options["release"]) if options.get("release") else None,
        scenarios=read_scenarios(read_json_or(options.get("scenarios"), [])),
        attacks=read_plans(read_json_or(options.get("attacks"), [])),
        alternatives=read_alternatives(options.get("alternatives")),
        answers=answers_of(read_json_or(options.get("answers"), {})),
        seed=arguments.seed,
        missing=options.get("missing", "own"),
    )


def _tell(issues: Sequence[Issue]) -> None:
    """Print the warnings; refuse what a recipe cannot be applied to."""
    errors = [issue.message for issue in issues if issue.severity == "error"]
    if errors:
        others = len(errors) - 1
        more = f" The recipe does not fit in {others:,} more ways." if others else ""
        raise PrivacyToolError(f"{errors[0]}{more}")
    for issue in issues:
        print(f"privascope: {issue.message}", file=sys.stderr)


def _give(result: Mapping[str, Any], target: str | None, lines: Sequence[str]) -> None:
    """Write the JSON where it was asked for; without it, the lines that a person reads."""
    if target == "-":
        # A terminal or pipe may have any encoding; escapes are the same JSON.
        print(json.dumps(result, indent=2, allow_nan=False, default=str))
    elif target:
        text = json.dumps(result, indent=2, ensure_ascii=False, allow_nan=False, default=str)
        # A half of a surrogate pair, which no UTF-8 can hold, becomes the escape that JSON reads.
        Path(target).write_bytes(f"{text}\n".encode("utf-8", "backslashreplace"))
    else:
        encoding = sys.stdout.encoding or "utf-8"
        print("\n".join(lines).encode(encoding, "backslashreplace").decode(encoding))


def _os_sentence(error: OSError) -> str:
    name = Path(str(error.filename)).name if error.filename else "a file"
    return f"{name}: {(error.strerror or 'cannot be used').lower()}. Check the path."


COMMANDS: Mapping[str, Command] = {
    "profile": _profile,
    "assess": _assess,
    "suggest": _suggest,
    "anonymize": _anonymize,
    "attack": _attack,
    "check": _check,
    "report": _report,
    "verify": _verify,
}


if __name__ == "__main__":
    sys.exit(main())
