"""The command line: the same engine and the same figures as the screen and the documents."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from microdata.dataset import Issue
from microdata.errors import PrivacyToolError
from microdata.hierarchy import Hierarchy
from microdata.measure import NotComputed
from microdata.profile import profile, suggested_roles
from microdata.release import Release
from microdata.roles import Roles
from reports.assessment import Assessment, assess, release_digest
from reports.case import Case
from reports.document.files import write_documents
from reports.input_files import (
    dataset_json,
    read_json,
    read_json_or,
    read_population,
    read_register,
    read_table,
)
from reports.project import read_answers
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
    METHODS,
    SearchResult,
    search,
    search_anjana,
    search_local,
    search_problem,
)
from utility import on_demand_measures

MET, NOT_MET, MISTAKE = 0, 1, 2


class _Parser(argparse.ArgumentParser):
    """An argument parser whose mistakes are one sentence and exit code 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(MISTAKE, f"{self.prog}: {message}. See `{self.prog} --help`.\n")


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
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        return command(arguments)
    except PrivacyToolError as error:
        print(f"privascope: {error}", file=sys.stderr)
        return MISTAKE
    except OSError as error:
        print(f"privascope: {_os_sentence(error)}", file=sys.stderr)
        return MISTAKE


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="privascope", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    def add(name: str, run: Callable[[argparse.Namespace], int], help_: str) -> _Parser:
        command: _Parser = commands.add_parser(name, help=help_, description=help_)
        command.set_defaults(command=run)
        command.add_argument(
            "--json", metavar="FILE", help="write the result; - is standard output"
        )
        return command

    def data(command: _Parser) -> None:
        command.add_argument("data", type=Path, metavar="DATA")
        command.add_argument("--read", metavar="READ", help="how to read it: JSON or a JSON file")

    def case(command: _Parser) -> None:
        data(command)
        command.add_argument("--roles", type=Path, required=True, metavar="ROLES")
        command.add_argument("--hierarchies", type=Path, metavar="DIR")
        command.add_argument("--recipe", type=Path, metavar="RECIPE")
        command.add_argument("--seed", type=int, default=0, metavar="N")

    def policy(command: _Parser, *, required: bool) -> None:
        command.add_argument("--policy", required=required, metavar="ID|FILE")
        command.add_argument("--release", type=Path, metavar="FILE")
        command.add_argument("--population", type=Path, metavar="FILE")
        command.add_argument("--population-size", type=int, metavar="N")
        command.add_argument("--missing", choices=["own", "wildcard"], default="own")
        command.add_argument("--answers", type=Path, metavar="FILE")
        command.add_argument(
            "--scenarios", type=Path, metavar="FILE", help="attackers with columns of their own"
        )

    data(add("profile", _profile, "read, guess, profile; suggested roles with reasons"))
    command = add("assess", _assess, "everything measured, before and after")
    case(command)
    policy(command, required=False)
    command.add_argument("--pdf", type=Path, metavar="FILE")
    command.add_argument("--html", type=Path, metavar="FILE")
    command.add_argument(
        "--second-opinion", action="store_true", help="pycanon recomputes the main figures"
    )
    command.add_argument("--attacks", type=Path, metavar="FILE", help="simulated attacks, by name")
    command.add_argument(
        "--model-utility", action="store_true", help="train models on the release and test them"
    )
    command.add_argument(
        "--predict", action="append", default=[], metavar="COLUMN", help="what they predict"
    )
    command = add("suggest", _suggest, "the best recipe found, and whether that is proven")
    data(command)
    command.set_defaults(recipe=None, seed=0)
    command.add_argument("--roles", type=Path, required=True, metavar="ROLES")
    command.add_argument("--hierarchies", type=Path, metavar="DIR")
    command.add_argument("--require", action="append", default=[], metavar="MODEL")
    command.add_argument("--require-file", type=Path, metavar="JSON")
    command.add_argument("--suppression-limit", type=float, default=0.0, metavar="F")
    command.add_argument("--minimize", default="loss", metavar="MEASURE")
    command.add_argument("--method", choices=METHODS, default=METHODS[0])
    command.add_argument("--levels", action="append", default=[], metavar="COLUMN=1..3")
    command.add_argument("--weights", type=Path, metavar="JSON")
    command.add_argument("--population", type=Path, metavar="FILE")
    command.add_argument("--population-size", type=int, metavar="N")
    command = add("anonymize", _anonymize, "write the release that a recipe makes")
    case(command)
    command.add_argument("--out", type=Path, required=True, metavar="FILE")
    command.add_argument("--spreadsheet-safe", action="store_true")
    command.add_argument(
        "--script", type=Path, metavar="FILE", help="write a Python script that does the same"
    )
    command = add("attack", _attack, "a simulated linkage attack: who is found by what is known")
    case(command)
    command.add_argument("--known", action="append", default=[], metavar="COLUMN")
    command.add_argument("--errors", type=float, default=0.0, metavar="F")
    command.add_argument("--missing-rate", type=float, default=0.0, metavar="F")
    command.add_argument("--attacker", choices=["rule-aware", "value-only"], default="rule-aware")
    command.add_argument(
        "--nearest", action="store_true", help="if nobody fits, those who differ least are claimed"
    )
    command.add_argument("--membership", choices=["certain", "unknown"], default="certain")
    command.add_argument("--population", type=Path, metavar="FILE")
    command.add_argument("--external", type=Path, metavar="FILE", help="whom to look for")
    command.add_argument("--map", type=Path, metavar="JSON", help="its columns: theirs to ours")
    command.add_argument("--max-known", type=int, default=0, metavar="M")
    command.add_argument("--targets", type=int, metavar="N")
    command.add_argument("--second-recipe", type=Path, metavar="RECIPE", help="of the same rows")
    command.add_argument("--second-release", type=Path, metavar="FILE", help="made elsewhere")
    command.add_argument("--same-order", action="store_true", help="its rows stand as in DATA")
    command = add("check", _check, "exit 0 if a policy is met, 1 if not")
    case(command)
    policy(command, required=True)
    command = add("report", _report, "documents from a saved assessment")
    command.add_argument("assessment", type=Path, metavar="ASSESSMENT")
    command.add_argument("--pdf", type=Path, required=True, metavar="FILE")
    command.add_argument("--html", type=Path, metavar="FILE")
    command = add("verify", _verify, "exit 0 if what a report says holds for the data, 1 if not")
    command.add_argument("report", type=Path, metavar="REPORT.pdf")
    data(command)
    command.add_argument("--hierarchies", type=Path, metavar="DIR")
    command.add_argument("--population", type=Path, metavar="FILE")
    command.add_argument("--release", type=Path, metavar="FILE")
    return parser


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
    write_documents(assessment, pdf=arguments.pdf, html=arguments.html)
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
    written = write_documents(assessment, pdf=arguments.pdf, html=arguments.html)
    _give(written, arguments.json, [])
    return MET


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
        answers=read_answers(read_json_or(options.get("answers"), {})),
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


if __name__ == "__main__":
    sys.exit(main())
