"""A recipe as a short Python script that makes the release again."""

from __future__ import annotations

from collections.abc import Iterable
from pprint import pformat
from typing import TYPE_CHECKING

from microdata.dataset import ReadOptions
from transforms.step import named
from transforms.steps.pseudonymize import Pseudonymize

if TYPE_CHECKING:
    from microdata.roles import Roles
    from transforms.recipe import Recipe

_WIDTH = 96
_GUESSED = ReadOptions()

_HEAD = '''\
"""
Make the release again: the same recipe on the same table gives the same file.

The table and the folder of hierarchies lie beside this script, and the release is written there.
Run it with the Python in which Privascope is installed, or in its folder with PYTHONPATH=. set.
"""

from pathlib import Path

from microdata.dataset import ReadOptions
from microdata.encoding import encode
from microdata.readers import read_dataset
from microdata.release import Release
from microdata.roles import Roles
from reports.spreadsheet import release_csv
{hierarchies_import}from transforms.recipe import Recipe, StepContext
from transforms.replay import replay_check

'''

_BODY = '''\


def main() -> None:
    """Read the table, apply the recipe and write what is released."""
    folder = Path(__file__).parent
    dataset = read_dataset((folder / DATA).read_bytes(), DATA, ReadOptions.from_json(READ))
    hierarchies = {hierarchies}
    recipe, roles = Recipe.from_json(RECIPE), Roles.from_json(ROLES)
    roles.check_columns(dataset.column_names)
    for issue in replay_check(recipe, dataset, hierarchies):
        print(f"{{issue.severity}}: {{issue.message}}")
    original = Release.original(encode(dataset, hierarchies))
    release = recipe.apply(original, StepContext(roles=roles, seed=SEED))
    (folder / OUT).write_bytes(release_csv(release{spreadsheet_safe}))


if __name__ == "__main__":
    main()
'''

_KEY_COMMENT = """\
# The key of the pseudonyms is secret and not part of a recipe, so every run makes other ones. Give
# StepContext a key of your own to make the same again.
"""


def to_script(
    recipe: Recipe,
    roles: Roles,
    hierarchies_names: Iterable[str],
    seed: int,
    data_name: str,
    *,
    read: ReadOptions = _GUESSED,
    hierarchies_folder: str = "hierarchies",
    out_name: str = "release.csv",
    spreadsheet_safe: bool = False,
) -> str:
    """
    Return a Python script that makes a release again with this project's packages.

    Parameters
    ----------
    recipe : Recipe
    roles : Roles
    hierarchies_names : iterable of str
        The columns that have a hierarchy in the folder.
    seed : int
    data_name : str
        Name of the table's file, without a folder.
    read : ReadOptions
        How the table is read; what is None or empty is guessed again.
    hierarchies_folder, out_name : str
        Names beside the script.
    spreadsheet_safe : bool
        As of `reports.spreadsheet.release_csv`.

    Returns
    -------
    str
        It holds parameters only, no value of the table but those that a parameter names.
    """
    names = tuple(hierarchies_names)
    if out_name == data_name:
        out_name = f"released_{data_name}"  # never over the table itself
    constants: dict[str, object] = {"DATA": data_name, "OUT": out_name}
    if names:
        constants["HIERARCHIES"] = hierarchies_folder
    constants |= {
        "SEED": seed,
        "READ": {
            key: value
            for key, value in read.to_json().items()
            # No text that means "missing" is another thing than a guess of them.
            if value is not None and (value or key == "missing")
        },
        "ROLES": roles.to_json(),
        "RECIPE": recipe.to_json(),
    }
    keyed = any(isinstance(step, Pseudonymize) for step in recipe.steps)
    head = _HEAD.format(
        hierarchies_import="from transforms.hierarchies import read_hierarchies\n" if names else ""
    )
    body = _BODY.format(
        hierarchies=(
            "read_hierarchies(folder / HIERARCHIES, dataset.column_names)" if names else "{}"
        ),
        spreadsheet_safe=", spreadsheet_safe=True" if spreadsheet_safe else "",
    )
    written = "".join(map(_constant, constants, constants.values()))
    files = f"# The folder of hierarchies holds those of {named(names)}.\n" if names else ""
    return f"{head}{files}{written}{_KEY_COMMENT if keyed else ''}{body}"


def _constant(name: str, value: object) -> str:
    lines = pformat(value, width=_WIDTH - len(name), sort_dicts=False).splitlines()
    between = "\n" + " " * len(f"{name} = ")
    return f"{name} = {between.join(lines)}\n"
