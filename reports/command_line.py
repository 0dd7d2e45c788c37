"""What can be said on the command line: every command and its arguments."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

from reports.document.files import FORMS
from transforms.search import METHODS

MISTAKE = 2
"""Exit code of a mistake in the call or the data."""

Command = Callable[[argparse.Namespace], int]


class CommandParser(argparse.ArgumentParser):
    """An argument parser whose mistakes are one sentence and exit code 2."""

    def error(self, message: str) -> NoReturn:
        """Leave with the sentence."""
        self.exit(MISTAKE, f"{self.prog}: {message}. See `{self.prog} --help`.\n")


def command_parser(runs: Mapping[str, Command], description: str | None) -> CommandParser:
    """
    Return the parser of every command.

    Parameters
    ----------
    runs : mapping of str to callable
        What a command runs, by its name.
    description : str, optional
        What the whole program is.
    """
    parser = CommandParser(prog="privascope", description=description)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=CommandParser)

    def add(name: str, help_: str) -> CommandParser:
        command: CommandParser = commands.add_parser(name, help=help_, description=help_)
        command.set_defaults(command=runs[name])
        command.add_argument(
            "--json", metavar="FILE", help="write the result; - is standard output"
        )
        return command

    def data(command: CommandParser) -> None:
        command.add_argument("data", type=Path, metavar="DATA")
        command.add_argument("--read", metavar="READ", help="how to read it: JSON or a JSON file")

    def case(command: CommandParser) -> None:
        data(command)
        command.add_argument("--roles", type=Path, required=True, metavar="ROLES")
        command.add_argument("--hierarchies", type=Path, metavar="DIR")
        command.add_argument("--recipe", type=Path, metavar="RECIPE")
        command.add_argument("--seed", type=int, default=0, metavar="N")

    def policy(command: CommandParser, *, required: bool) -> None:
        command.add_argument("--policy", required=required, metavar="ID|FILE")
        command.add_argument("--release", type=Path, metavar="FILE")
        command.add_argument("--population", type=Path, metavar="FILE")
        command.add_argument("--population-size", type=int, metavar="N")
        command.add_argument("--missing", choices=["own", "wildcard"], default="own")
        command.add_argument("--answers", type=Path, metavar="FILE")
        command.add_argument(
            "--scenarios", type=Path, metavar="FILE", help="attackers with columns of their own"
        )

    def documents(command: CommandParser, *, required: bool) -> None:
        for name in FORMS:
            needed = required and name == "pdf"
            command.add_argument(f"--{name}", type=Path, required=needed, metavar="FILE")

    data(add("profile", "read, guess, profile; suggested roles with reasons"))
    command = add("assess", "everything measured, before and after")
    case(command)
    policy(command, required=False)
    documents(command, required=False)
    command.add_argument(
        "--second-opinion", action="store_true", help="pycanon recomputes the main figures"
    )
    command.add_argument("--attacks", type=Path, metavar="FILE", help="simulated attacks, by name")
    command.add_argument(
        "--alternatives", type=Path, metavar="FILE", help="other recipes that were tried, by name"
    )
    command.add_argument(
        "--model-utility", action="store_true", help="train models on the release and test them"
    )
    command.add_argument(
        "--predict", action="append", default=[], metavar="COLUMN", help="what they predict"
    )
    command = add("suggest", "the best recipe found, and whether that is proven")
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
    command = add("anonymize", "write the release that a recipe makes")
    case(command)
    command.add_argument("--out", type=Path, required=True, metavar="FILE")
    command.add_argument("--spreadsheet-safe", action="store_true")
    command.add_argument(
        "--script", type=Path, metavar="FILE", help="write a Python script that does the same"
    )
    command = add("attack", "a simulated linkage attack: who is found by what is known")
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
    command = add("check", "exit 0 if a policy is met, 1 if not")
    case(command)
    policy(command, required=True)
    command = add("report", "documents from a saved assessment")
    command.add_argument("assessment", type=Path, metavar="ASSESSMENT")
    documents(command, required=True)
    command.add_argument(
        "--public", action="store_true", help="the version for the public, without security detail"
    )
    command = add(
        "verify",
        "exit 0 if what a report says holds for the data, 1 if not; takes up to a minute more "
        "where the report holds a second opinion or trained models",
    )
    command.add_argument("report", type=Path, metavar="REPORT.pdf")
    data(command)
    command.add_argument("--hierarchies", type=Path, metavar="DIR")
    command.add_argument("--population", type=Path, metavar="FILE")
    command.add_argument("--release", type=Path, metavar="FILE")
    return parser
