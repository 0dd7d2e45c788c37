"""What every combination of columns tells: the worst ones of each number of columns."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from reports.wording import format_count, format_share, join_names
from risk.special_uniques import SubsetTable
from ui.widgets.text import long_md

MOST_SHOWN = 10


def subset_section(table: SubsetTable) -> None:
    """Let the user pick a number of known columns and show the worst combinations of so many."""
    if not table.subsets:
        st.info(long_md(table.left_out))
        return
    numbers = sorted({len(subset.columns) for subset in table.subsets})
    picked = st.select_slider(
        "The worst combinations of so many known columns",
        numbers,
        value=min(2, numbers[-1]),
        key="known-columns",
    )
    worst = table.worst(picked, MOST_SHOWN)
    rows = pd.DataFrame(
        {
            "columns": [join_names(subset.columns, most=12) for subset in worst],
            "groups": [format_count(subset.groups) for subset in worst],
            "people alone": [
                f"{format_count(subset.unique)} ({format_share(subset.share)})" for subset in worst
            ],
            "distinction": [format_share(subset.success) for subset in worst],
            "separation": [
                "–" if subset.separation is None else format_share(subset.separation)
                for subset in worst
            ],
        }
    )
    st.dataframe(rows, hide_index=True, width="stretch")
    told = (
        "Distinction: groups per person, the share of right guesses. Separation: the share of "
        f"pairs of people whom the columns tell apart. {table.left_out}"
    )
    st.caption(long_md(told))
