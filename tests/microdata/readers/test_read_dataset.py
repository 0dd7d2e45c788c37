from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from microdata.dataset import ColumnKind, ReadOptions
from microdata.errors import PrivacyToolError
from microdata.readers import MAX_UPLOAD_BYTES, Limits, dataset_from_frame, read_dataset

ADULT = Path(__file__).resolve().parents[3] / "../shared/data/adult/adult.csv"
CSV = b"age,sex\n39,M\n50,F\n"


def rows(dataset, name):
    values = dataset.values(name)
    return [None if code < 0 else values[code] for code in dataset.codes(name)]


def issue_codes(dataset):
    return {issue.code for issue in dataset.issues}


def test_every_format_gives_the_same_content(people, as_parquet, as_workbook):
    read = [
        read_dataset(people.to_csv(index=False).encode(), "people.csv"),
        read_dataset(people.to_csv(index=False, sep="\t").encode("utf-16"), "people.tsv"),
        read_dataset(as_parquet(people), "people.parquet"),
        read_dataset(as_workbook(people), "people.xlsx"),
        dataset_from_frame(people, "people"),
    ]
    assert len({dataset.digest for dataset in read}) == 1
    assert [dataset.read.format for dataset in read] == ["csv", "csv", "parquet", "excel", None]
    for dataset in read:
        assert [column.kind for column in dataset.columns] == [
            ColumnKind.INTEGER,
            ColumnKind.TEXT,
            ColumnKind.DECIMAL,
            ColumnKind.CODE,
            ColumnKind.DATE,
        ]
        assert dataset.frame.index.equals(pd.RangeIndex(4))
        assert rows(dataset, "sex") == ["M", "F", "F", None]
        assert dataset.values("bmi") == ("19.9", "21.5", "27.1", "30.25")
        assert all(dataset.frame[name].cat.categories.dtype == object for name in people)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs files in memory")
@pytest.mark.parametrize(
    ("ending", "write", "file_format"),
    [
        (".sav", pyreadstat.write_sav, "spss"),
        (".dta", pyreadstat.write_dta, "stata"),
        (".xpt", pyreadstat.write_xport, "sas"),
    ],
)
def test_statistics_files_give_the_same_content(people, tmp_path, ending, write, file_format):
    path = tmp_path / f"people{ending}"
    write(people, str(path))
    dataset = read_dataset(path.read_bytes(), path.name)
    assert dataset.read.format == file_format
    assert dataset.digest == dataset_from_frame(people, "people").digest


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs files in memory")
def test_value_labels_go_beside_the_codes(tmp_path):
    path = tmp_path / "labelled.sav"
    frame = pd.DataFrame({"sex": [1.0, 2.0, 9.0], "when": pd.to_datetime(["2020-01-02"] * 3)})
    pyreadstat.write_sav(
        frame,
        str(path),
        variable_value_labels={"sex": {1: "male", 2: "female"}},
        column_labels={"sex": "Sex of the person"},
        missing_ranges={"sex": [9.0]},
    )
    dataset = read_dataset(path.read_bytes(), "labelled.sav")
    assert rows(dataset, "sex") == ["1", "2", None]
    assert dict(dataset.column("sex").labels) == {"1": "male", "2": "female"}
    assert dataset.column("sex").description == "Sex of the person"
    assert rows(dataset, "when") == ["2020-01-02"] * 3


def test_types_of_parquet_and_excel_become_plain_text(as_parquet, as_workbook):
    frame = pd.DataFrame(
        {
            "whole": [39.0, np.nan, 50.0],
            "flag": [True, False, True],
            "when": pd.to_datetime(["2020-01-02 03:04:05", "2020-01-03 00:00:00", None]),
            "big": [2**60, 1, -5],
        }
    )
    for dataset in (
        read_dataset(as_parquet(frame), "t.parquet"),
        read_dataset(as_workbook(frame.drop(columns="big")), "t.xlsx"),
    ):
        assert rows(dataset, "whole") == ["39", None, "50"]
        assert rows(dataset, "flag") == ["true", "false", "true"]
        assert rows(dataset, "when")[0] == "2020-01-02 03:04:05"
    assert rows(read_dataset(as_parquet(frame), "t.parquet"), "big") == [str(2**60), "1", "-5"]


def test_values_that_no_row_uses_do_not_count(as_parquet):
    used = pd.DataFrame({"a": pd.Categorical(["x", "y"], categories=["y", "unused", "x"])})
    plain = pd.DataFrame({"a": ["x", "y"]})
    digests = {read_dataset(as_parquet(frame), "t.parquet").digest for frame in (used, plain)}
    assert len(digests) == 1


def test_a_column_of_lists_is_refused_by_name(as_parquet):
    with pytest.raises(PrivacyToolError, match="'visits' holds lists"):
        read_dataset(as_parquet(pd.DataFrame({"visits": [[1], [2, 3]]})), "t.parquet")


def test_the_sheet_is_told_and_can_be_chosen(people, as_workbook):
    raw = as_workbook(people, other=pd.DataFrame({"x": [1, 2]}))
    first = read_dataset(raw, "t.xlsx")
    assert first.read.sheet == "people"
    assert "several-sheets" in issue_codes(first)
    other = read_dataset(raw, "t.xlsx", ReadOptions(sheet="other"))
    assert other.column_names == ("x",)
    assert "several-sheets" not in issue_codes(other)
    with pytest.raises(PrivacyToolError, match="no sheet 'third'"):
        read_dataset(raw, "t.xlsx", ReadOptions(sheet="third"))


def test_blank_rows_of_a_sheet_are_skipped_and_unnamed_columns_kept():
    book = openpyxl.Workbook()
    for record in [["a", None], [1, None], [None, None], [2, "x"], [None, None]]:
        book.active.append(record)
    buffer = io.BytesIO()
    book.save(buffer)
    dataset = read_dataset(buffer.getvalue(), "t.xlsx")
    assert rows(dataset, "a") == ["1", "2"]
    assert rows(dataset, "column 2") == [None, "x"]
    assert next(i.count for i in dataset.issues if i.code == "blank-lines") == 1


@pytest.mark.parametrize("raw", [b"", b"   ", b"\n\n"])
def test_an_empty_file_is_refused(raw):
    with pytest.raises(PrivacyToolError, match="empty"):
        read_dataset(raw, "t.csv")


def test_tables_without_records_are_refused(as_parquet, as_workbook):
    none = pd.DataFrame({"a": pd.Series([], dtype=str)})
    for raw, name in ((as_parquet(none), "t.parquet"), (as_workbook(none), "t.xlsx")):
        with pytest.raises(PrivacyToolError, match="no records"):
            read_dataset(raw, name)


def test_a_file_over_the_size_limit_is_refused_unread():
    assert Limits().max_bytes == MAX_UPLOAD_BYTES
    with pytest.raises(PrivacyToolError, match="more than the limit of 10"):
        read_dataset(CSV, "t.csv", limits=Limits(max_bytes=10))


def test_one_cell_in_the_last_corner_is_refused_before_parsing():
    book = openpyxl.Workbook()
    book.active["A1"] = book.active["XFD1048576"] = 1
    buffer = io.BytesIO()
    book.save(buffer)
    assert len(buffer.getvalue()) < 10_000
    with pytest.raises(PrivacyToolError, match="16,384 columns, more than the limit of 2,000"):
        read_dataset(buffer.getvalue(), "t.xlsx")
    # The caps on cells hold too, and so does that on memory where all others are raised.
    for limits, message in (
        (Limits(max_columns=20_000), "cells, more than the limit"),
        (Limits(max_columns=20_000, max_cells=10**12, memory_bytes=2 << 30), "more memory"),
    ):
        with pytest.raises(PrivacyToolError, match=message):
            read_dataset(buffer.getvalue(), "t.xlsx", limits=limits)


def test_a_workbook_that_unpacks_to_too_much_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 5_000_000)
    with pytest.raises(PrivacyToolError, match="unpacks to 5,000,000 bytes"):
        read_dataset(buffer.getvalue(), "t.xlsx", limits=Limits(max_unpacked_bytes=1_000_000))


def test_a_small_parquet_of_many_rows_is_refused_by_its_footer():
    part = pa.table({"a": pa.DictionaryArray.from_arrays(pa.array(np.zeros(10**6, "i1")), ["x"])})
    buffer = io.BytesIO()
    with pq.ParquetWriter(buffer, part.schema) as writer:
        for _ in range(3):
            writer.write_table(part)
    assert len(buffer.getvalue()) < 100_000
    for limits, message in (
        (Limits(max_rows=2_000_000), "3,000,000 rows, more than the limit of 2,000,000"),
        (Limits(max_unpacked_bytes=1_000), "unpacks to"),
    ):
        with pytest.raises(PrivacyToolError, match=message):
            read_dataset(buffer.getvalue(), "t.parquet", limits=limits)


def test_the_child_may_run_out_of_memory_and_the_next_read_goes_on():
    raw = b"a,b\n" + b"".join(b"%d,%d\n" % (i, i * 7919) for i in range(1_000_000))
    with pytest.raises(PrivacyToolError, match="more memory than the limit"):
        read_dataset(raw, "t.csv", limits=Limits(memory_bytes=320 << 20))
    assert read_dataset(CSV, "t.csv").records == 2


@pytest.mark.skipif(sys.platform == "win32", reason="needs resource limits")
def test_the_child_may_run_out_of_time_and_the_next_read_goes_on():
    raw = b"a,b\n" + b"".join(b"x%d,y%d\n" % (i, i * 7919) for i in range(1_500_000))
    with pytest.raises(PrivacyToolError, match="took longer than the limit"):
        read_dataset(raw, "t.csv", limits=Limits(cpu_seconds=1))
    assert read_dataset(CSV, "t.csv").records == 2


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"PAR1" + b"x" * 200 + b"PAR1", "t.parquet"),
        (b"PK\x03\x04" + b"x" * 200, "t.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "t.xls"),
        (b"$FL2" + b"x" * 200, "t.sav"),
        (b"<stata_dta>" + b"x" * 200, "t.dta"),
    ],
)
def test_a_damaged_file_is_refused_in_words(raw, name):
    with pytest.raises(PrivacyToolError, match=r"damaged|On Linux only") as refused:
        read_dataset(raw, name)
    assert "Traceback" not in str(refused.value)


def test_the_first_bytes_win_over_the_ending(people, as_parquet):
    assert read_dataset(as_parquet(people), "people.csv").read.format == "parquet"
    assert read_dataset(CSV, "people").read.format == "csv"
    with pytest.raises(PrivacyToolError, match=r"ends in '\.xlsx'"):
        read_dataset(CSV, "people.xlsx")


def test_a_format_can_be_asked_for():
    assert read_dataset(CSV, "people.xlsx", ReadOptions(format="csv")).records == 2
    with pytest.raises(PrivacyToolError, match="'json' is not known"):
        read_dataset(CSV, "people.csv", ReadOptions(format="json"))


def test_a_password_is_told():
    raw = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 40
    with pytest.raises(PrivacyToolError, match="password"):
        read_dataset(raw, "t.xlsx")


@pytest.mark.parametrize("name", ["/home/x/t.csv", "C:\\x\\t.csv", "t.csv"])
def test_the_name_loses_its_folder_and_the_bytes_are_named_by_hash(name):
    dataset = read_dataset(CSV, name)
    assert dataset.name == "t.csv"
    assert dataset.file_sha256 == hashlib.sha256(CSV).hexdigest()


def test_reading_works_in_threads_and_gives_the_same():
    digests = []
    threads = [
        threading.Thread(target=lambda: digests.append(read_dataset(CSV, "t.csv").digest))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(digests) == 3
    assert len(set(digests)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs resource limits")
def test_the_reading_process_can_write_no_file(tmp_path):
    code = (
        "import signal, sys; from microdata.readers.child import forbid_files; forbid_files();"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); open(sys.argv[1], 'wb', 0).write(b'x')"
    )
    target = tmp_path / "x"
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code, str(target)], cwd=root, capture_output=True, check=False
    )
    assert done.returncode != 0
    assert target.stat().st_size == 0


@pytest.mark.skipif(not ADULT.exists(), reason="the Adult table is not beside this checkout")
def test_the_adult_table_is_read_whole():
    dataset = read_dataset(ADULT.read_bytes(), "adult.csv")
    assert (dataset.records, len(dataset.columns)) == (30_162, 9)
    assert dataset.read.delimiter == ";"
    assert dataset.values("age")[0] == "17"
    assert len(dataset.values("native-country")) == 41
