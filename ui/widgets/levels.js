// One slider a column. A move is told to the server at once; what was moved since is kept, so that
// an answer to an earlier move does not push a handle back.
export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const host = parentElement.querySelector(".levels");
  const held = host.held ??= { sent: 0, rows: new Map() };
  const element = (tag, name) => {
    const made = document.createElement(tag);
    made.className = name;
    return made;
  };
  const show = (row) => {
    const text = row.labels[+row.input.value] ?? "";
    row.where.textContent = text;
    row.input.setAttribute("aria-valuetext", text);
  };
  const tell = () => {
    held.sent = Math.max(Date.now(), held.sent + 1);  // never as on an earlier visit
    const now = [...held.rows].map(([column, row]) => [column, +row.input.value]);
    setStateValue("moved", { sent: held.sent, version: data.version, levels: now });
  };
  const add = (column, called) => {
    const row = { input: element("input", "handle"), where: element("span", "where") };
    row.input.type = "range";
    row.input.min = 0;
    row.input.step = 1;
    row.input.setAttribute("aria-label", called);
    row.box = element("label", "level");
    const name = element("span", "name");
    name.textContent = called;
    row.box.append(name, row.where, row.input);
    row.input.oninput = () => show(row);
    row.input.onchange = () => held.tell();
    return row;
  };
  held.tell = tell;
  const stale = data.sent < held.sent && data.version === held.version;
  held.version = data.version;
  const rows = new Map();
  for (const { column, name, labels, level } of data.columns) {
    const row = held.rows.get(column) ?? add(column, name);
    row.labels = labels;
    row.input.max = labels.length - 1;
    if (!stale) row.input.value = level;
    show(row);
    rows.set(column, row);
  }
  const same = rows.size === held.rows.size && [...rows.keys()].every((c) => held.rows.has(c));
  held.rows = rows;
  if (!same) host.replaceChildren(...[...rows.values()].map((row) => row.box));
}
