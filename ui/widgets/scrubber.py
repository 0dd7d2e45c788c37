"""The scrubber: sliding along a column's levels, or along k, redrawn in the browser at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from reports.chart_parts import within
from reports.chart_set import BANDS
from reports.headline import headline_rows, policy_size
from ui import compute, recipes
from ui.widgets.choices import go_to
from ui.widgets.levels import level_labels
from ui.widgets.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from microdata.encoding import EncodedTable
    from reports.stage import Stage
    from ui.state import Session

KEY = "scrubber"
SIZES = (1, 2, 3, 4, 5, 6, 8, 10, 11, 15, 20, 30, 50)
ALONG_SIZE = "smallest group (k)"

_HTML = """
<div class="scrub">
  <label class="slide"><span class="name"></span><input type="range" min="0" step="1"></label>
  <div class="where" aria-live="polite"></div>
  <div class="tiles"></div>
  <div class="bars" role="img"></div>
  <div class="axis">people by the size of their group of look-alikes</div>
</div>
"""
_CSS = """
.scrub {font-family: var(--st-font, sans-serif); color: #0b1016;}
.slide {display: flex; gap: 12px; align-items: center; font-weight: 600; font-size: 14px;}
.slide input {flex: 1; accent-color: #0b4f94; height: 28px; min-width: 120px;}
.where {font-size: 16px; font-weight: 700; color: #0b4f94; margin: 6px 0;}
.tiles {display: grid; grid-template-columns: repeat(auto-fit, minmax(128px, 1fr)); gap: 8px;}
.tiles div {border: 1px solid #dde3ea; border-radius: 6px; padding: 6px 9px; font-size: 12px;}
.tiles b {display: block; font-size: 17px; white-space: nowrap;}
.bars {display: flex; align-items: flex-end; gap: 8px; height: 190px; margin-top: 14px;}
.bars div {flex: 1; display: flex; flex-direction: column; justify-content: flex-end;
  height: 100%; text-align: center; font-size: 12px; color: #0b1016;}
.bars i {display: block; background: #0b4f94; min-height: 1px;}
.bars div:first-child i {background: #b5541c;}
.axis {font-size: 12px; color: #5f6b7a; margin-top: 4px;}
"""
_JS = """
export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const find = (name) => parentElement.querySelector(name);
  const slider = find("input"), steps = data.steps;
  find(".name").textContent = data.along;
  slider.setAttribute("aria-label", data.along);
  slider.max = steps.length - 1;
  const most = Math.max(1, ...steps.flatMap((step) => step.bars));
  const element = (tag, text) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const draw = () => {
    const step = steps[+slider.value];
    find(".where").textContent = step.label;
    slider.setAttribute("aria-valuetext", step.label);
    find(".tiles").replaceChildren(...step.tiles.map(([name, value]) => {
      const tile = element("div", name);
      tile.appendChild(element("b", value));
      return tile;
    }));
    find(".bars").setAttribute("aria-label",
      step.bars.map((people, i) => `${data.bands[i]}: ${people}`).join("; "));
    find(".bars").replaceChildren(...step.bars.map((people, i) => {
      const bar = element("div", people.toLocaleString("en"));
      const fill = element("i");
      fill.style.height = `${(150 * people) / most}px`;
      bar.append(fill, element("span", data.bands[i]));
      return bar;
    }));
  };
  if (slider.dataset.of !== data.id) {
    slider.dataset.of = data.id;
    slider.value = data.now;
  }
  slider.oninput = draw;
  slider.onchange = () => setStateValue("step", [data.id, +slider.value]);
  draw();
}
"""


def scrubber_section(session: Session, source: EncodedTable) -> None:
    """Let the user slide along one column's levels, or along the size of the groups."""
    held = recipes.levels(session.recipe)
    columns = [
        name
        for name in session.roles.quasi_identifiers
        if (hierarchy := source.domain(name).hierarchy) is not None and hierarchy.height
    ]
    along = st.selectbox(
        "Slide along", [ALONG_SIZE, *columns], format_func=plain, key="scrub-along"
    )
    size = recipes.smallest_group(session.recipe)
    if along == ALONG_SIZE:
        values: Sequence[int] = sorted({*SIZES, max(1, size), policy_size(session.policy)})
        now = values.index(max(1, size))
        moves = [partial(go_to, held, value) for value in values]
        labels = [f"groups of at least {value}" if value > 1 else "all groups" for value in values]
    else:
        hierarchy = source.domain(along).hierarchy
        values = range(0 if hierarchy is None else hierarchy.height + 1)
        now = held.get(along, 0)
        moves = [partial(go_to, {**held, along: value}, size) for value in values]
        labels = level_labels(source, along, session.policy.disclosure_threshold)
    with st.spinner("Measuring every step…"):
        stages = compute.stages(session, tuple(_sessions(session, along, values)))
    before = compute.before(session)
    identity = f"{session.figures_key()} {along}"
    data = {
        "id": identity,
        "along": plain(along),
        "now": now,
        "bands": [label for label, _, _ in BANDS],
        "steps": [
            _step(plain(label), before, stage, policy_size(session.policy))
            for label, stage in zip(labels, stages, strict=True)
        ],
    }
    component = st.components.v2.component("scrubber", html=_HTML, css=_CSS, js=_JS)
    component(data=data, key=KEY, on_step_change=partial(_let_go, identity, moves))
    st.caption(
        "Everything is measured beforehand, so nothing waits. Let go to put a step in force."
    )


def _sessions(session: Session, along: str, values: Sequence[int]) -> list[Session]:
    made = []
    for value in values:
        if along == ALONG_SIZE:
            recipe = recipes.with_smallest_group(session.recipe, value if value > 1 else 0)
        else:
            recipe = recipes.with_level(session.recipe, along, value)
        made.append(session.with_recipe(recipe))
    return made


def _step(label: str, before: Stage, stage: Stage, size: int) -> dict[str, Any]:
    rows = headline_rows(before, stage, size=size)
    return {
        "label": label,
        "tiles": [[f"{row.name} ({row.term})", row.now] for row in rows],
        "bars": [within(stage, low, high) for _, low, high in BANDS],
    }


def _let_go(identity: str, moves: Sequence[Any]) -> None:
    of, place = st.session_state[KEY]["step"]
    if of == identity and 0 <= int(place) < len(moves):
        moves[int(place)]()
