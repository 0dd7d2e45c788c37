"""What is told of files that cannot be read: their names, never their folders or contents."""

import json

import pytest

import cli

CANARY = "Canaryzyx"
FOLDER = "folderzyxname"

OF_THE_CASE = ["--roles", "{good}/roles.json"]
UNREADABLE = {
    "no such table": ["profile", "{bad}/none.csv"],
    "a folder for a table": ["profile", "{bad}/folder"],
    "an empty table": ["profile", "{bad}/empty.csv"],
    "bytes for a table": ["profile", "{bad}/bytes.csv"],
    "rows of unequal length": ["profile", "{bad}/ragged.csv"],
    "a broken workbook": ["profile", "{bad}/bytes.xlsx"],
    "a broken Parquet file": ["profile", "{bad}/bytes.parquet"],
    "--read": ["profile", "{good}/table.csv", "--read", "{bad}/text.json"],
    "no --read": ["profile", "{good}/table.csv", "--read", "{bad}/none.json"],
    "roles": ["assess", "{good}/table.csv", "--roles", "{bad}/text.json"],
    "no roles": ["assess", "{good}/table.csv", "--roles", "{bad}/none.json"],
    "roles in bytes": ["assess", "{good}/table.csv", "--roles", "{bad}/bytes.csv"],
    "roles that are a list": ["assess", "{good}/table.csv", "--roles", "{bad}/list.json"],
} | {
    f"{option} {file}": ["assess", "{good}/table.csv", *OF_THE_CASE, option, f"{{bad}}/{file}"]
    for option in (
        *("--recipe", "--policy", "--answers", "--scenarios", "--attacks", "--alternatives"),
        *("--hierarchies", "--population", "--release"),
    )
    for file in ("none.json", "text.json", "bytes.csv")
}
for _command, _first in (("report", "--pdf"), ("verify", "")):
    for _file in ("none.json", "text.json", "bytes.csv"):
        UNREADABLE[f"{_command} {_file}"] = (
            [_command, f"{{bad}}/{_file}", _first, "{good}/out.pdf"]
            if _first
            else [_command, f"{{bad}}/{_file}", "{good}/table.csv"]
        )


@pytest.fixture(scope="module")
def readable_and_not(tmp_path_factory):
    good, bad = tmp_path_factory.mktemp(FOLDER), tmp_path_factory.mktemp(FOLDER)
    rows = "".join(f"{20 + i % 3},{CANARY}\n" for i in range(9))
    (good / "table.csv").write_text(f"age,ill\n{rows}", "utf-8")
    (bad / "folder").mkdir()
    roles = {"quasi_identifiers": ["age"], "sensitive": ["ill"]}
    (good / "roles.json").write_text(json.dumps(roles), "utf-8")
    for ending in ("csv", "xlsx", "parquet"):
        (bad / f"bytes.{ending}").write_bytes(b"\xff\xfe\x00PK\x81" + CANARY.encode() + b"\x00")
    (bad / "empty.csv").write_bytes(b"")
    (bad / "ragged.csv").write_text(f'a,b\n1,{CANARY},3,4\n"{CANARY}\n', "utf-8")
    (bad / "text.json").write_text(f"{CANARY} is no JSON", "utf-8")
    (bad / "list.json").write_text(json.dumps([CANARY]), "utf-8")
    return {"good": str(good), "bad": str(bad)}


@pytest.fixture
def run(readable_and_not, capsys, caplog):
    """Run a command; return its code and all that it tells, on the way to a log as well."""

    def told(arguments):
        with caplog.at_level("DEBUG"):
            code = cli.main([part.format(**readable_and_not) for part in arguments])
        return code, "".join((*capsys.readouterr(), caplog.text))

    return told


@pytest.mark.parametrize("what", UNREADABLE)
def test_no_reader_tells_a_folder_or_a_content_when_it_fails(what, run):
    code, told = run(UNREADABLE[what])
    assert code == cli.MISTAKE
    assert told.startswith("privascope: ")
    assert told.count("\n") == 1
    assert FOLDER not in told
    assert CANARY not in told


def test_what_can_be_read_is_not_refused(run):
    code, told = run(["assess", "{good}/table.csv", *OF_THE_CASE])
    assert code == 0
    assert FOLDER not in told
