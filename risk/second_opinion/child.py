"""The other program's process: caps itself, takes codes, answers with one line a figure."""

from __future__ import annotations

import json
import os
import sys
import threading
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from microdata.readers.child import cap_this_process, forbid_files

if TYPE_CHECKING:
    import pandas as pd

_BYTES_A_CODE = 4


def main(arguments: str) -> None:
    """
    Answer questions on one table.

    Standard input holds the codes, row after row of the table that `question.table` makes; it
    stays open, and its end means that the parent is gone. Each line of standard output is one
    answer: ``{"number": 0, "value": 3.0}``, or ``"error"`` with the type of what went wrong.

    Parameters
    ----------
    arguments : str
        JSON with the caps, the shape of the table, and the questions.
    """
    call = json.loads(arguments)
    cap_this_process(call["memory_bytes"], call["cpu_seconds"])
    forbid_files()
    # Whatever a library prints must not get between the answers.
    output = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    raw = sys.stdin.buffer.read(call["columns"] * call["records"] * _BYTES_A_CODE)
    threading.Thread(target=_leave_with_the_parent, daemon=True).start()
    for question in call["questions"]:
        told = {"number": question["number"], **answer(raw, call, question)}
        output.write(json.dumps(told) + "\n")
        output.flush()


def _leave_with_the_parent() -> None:
    while os.read(0, 1):
        pass
    os._exit(1)


def answer(raw: bytes, shape: Mapping[str, int], question: Mapping[str, Any]) -> dict[str, Any]:
    """
    Ask pycanon one question.

    Parameters
    ----------
    raw : bytes
        int32[columns, records], little-endian.
    shape : mapping
        "columns", "records", and "quasi": how many of the columns are quasi-identifiers.
    question : mapping
        "asked" and "attribute".
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return {"value": float(_ask(clean_frame(raw, shape, question), shape, question))}
    except Exception as error:  # noqa: BLE001 - another program can raise anything; its text may hold values
        return {"error": type(error).__name__}


def clean_frame(raw: bytes, shape: Mapping[str, int], question: Mapping[str, Any]) -> pd.DataFrame:
    """
    Return a frame without anything on which pycanon is known to go wrong.

    Its index is 0..n-1, its columns are named by text, no cell is missing, nothing is categorical.
    A sensitive attribute is text, so that pycanon takes its values as equally far apart, or its
    ranks, so that it takes them as ordered; records without a value are left out.
    """
    import numpy as np  # noqa: PLC0415 - imported under the caps
    import pandas as pd  # noqa: PLC0415 - as above

    codes = np.frombuffer(raw, "<i4").reshape(shape["columns"], shape["records"])
    quasi = {f"q{i}": codes[i] for i in range(shape["quasi"])}
    if question["attribute"] is None:
        return pd.DataFrame(quasi)
    ranks = codes[shape["quasi"] + question["attribute"]]
    known = ranks >= 0
    values: Any = ranks[known]
    if question["asked"] != "t ordered":
        texts = np.array([f"v{rank}" for rank in range(int(ranks.max(initial=0)) + 1)], object)
        values = texts[values]
    return pd.DataFrame({name: column[known] for name, column in quasi.items()} | {"s": values})


def _ask(frame: pd.DataFrame, shape: Mapping[str, int], question: Mapping[str, Any]) -> Any:
    from pycanon import anonymity  # noqa: PLC0415 - imported under the caps

    quasi = [f"q{i}" for i in range(shape["quasi"])]
    if question["asked"] == "k":
        return anonymity.k_anonymity(frame, quasi)
    if question["asked"] == "alpha":
        return anonymity.alpha_k_anonymity(frame, quasi, ["s"])[0]
    ask = {
        "distinct l": anonymity.l_diversity,
        "t equal": anonymity.t_closeness,
        "t ordered": anonymity.t_closeness,
        "beta": anonymity.basic_beta_likeness,
    }
    return ask[question["asked"]](frame, quasi, ["s"])
