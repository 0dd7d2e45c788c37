// Draws what Python has laid out: every position is a share of the chart's width or height.
const SVG = "http://www.w3.org/2000/svg";
const GRID = "#e6eaef", AXIS = "#b8c1cc", TEXT = "#0b1016", QUIET = "#5f6b7a", LINE = "#8c1d18";
const pen = document.createElement("canvas").getContext("2d");

function make(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function widthOf(text, size) {
  pen.font = `${size}px sans-serif`;
  return pen.measureText(text).width;
}

function fitted(text, size, most) {
  if (widthOf(text, size) <= most) return text;
  let kept = text;
  while (kept.length > 1 && widthOf(`${kept}…`, size) > most) kept = kept.slice(0, -1);
  return `${kept}…`;
}

function label(text, x, y, { size = 12, anchor = "start", fill = TEXT, weight = 400 } = {}) {
  return make("text", {
    x, y, "font-size": size, "text-anchor": anchor, fill, "font-weight": weight,
  }, text);
}

function rule(x1, y1, x2, y2, stroke, dashed = false) {
  const line = { x1, y1, x2, y2, stroke, "stroke-width": dashed ? 1.5 : 1 };
  if (dashed) line["stroke-dasharray"] = "5 4";
  return make("line", line);
}

function legend(data, width, id) {
  const parts = [];
  let x = 8, y = 14;
  for (const series of data.series) {
    const wide = 26 + widthOf(series.name, 12);
    if (x > 8 && x + wide > width) [x, y] = [8, y + 18];
    parts.push(...bar(series, { x, y: y - 10, width: 12, height: 12 }, id));
    parts.push(label(series.name, x + 18, y));
    x += wide + 14;
  }
  return { parts, height: y + 12 };
}

function hatch(id) {
  const stripe = make("path", { d: "M0,7 L7,0", stroke: "white", "stroke-width": 1.2 });
  const size = { id, width: 7, height: 7, patternUnits: "userSpaceOnUse" };
  return make("defs", {}, make("pattern", size, stripe));
}

function bar(series, place, id) {
  const parts = [make("rect", { ...place, fill: series.colour })];
  if (series.hatched) parts.push(make("rect", { ...place, fill: `url(#${id})` }));
  return parts;
}

function lyingBars(data, frame, id) {
  const { width, top, height } = frame;
  const longest = Math.max(...data.categories.map((text) => widthOf(text, 12)));
  const left = Math.min(longest, 0.4 * width) + 14, right = width - 10, foot = height - 40;
  const across = (share) => left + share * (right - left);
  const parts = [];
  for (const [share, text] of data.ticks) {
    parts.push(rule(across(share), top, across(share), foot, GRID));
    parts.push(label(text, across(share), foot + 16, { anchor: "middle", fill: QUIET }));
  }
  const step = (foot - top) / data.categories.length;
  const thick = (step * 0.72) / data.series.length;
  data.categories.forEach((category, i) => {
    const middle = top + (i + 0.5) * step;
    parts.push(label(fitted(category, 12, left - 14), left - 8, middle + 4, { anchor: "end" }));
    data.series.forEach((series, j) => {
      const y = middle + (j - data.series.length / 2) * thick;
      const long = Math.max(0, across(series.shares[i]) - left);
      const place = { x: left, y: y + 0.5, width: long, height: Math.max(1, thick - 1) };
      const text = series.texts[i] ?? "";
      const end = left + long + 5;
      const inside = end + widthOf(text, 11) > width;
      parts.push(...bar(series, place, id), label(
        text, inside ? width - 1 : end, y + thick / 2 + 4,
        { size: 11, anchor: inside ? "end" : "start" },
      ));
    });
  });
  parts.push(rule(left, top, left, foot, AXIS));
  for (const [share, text] of data.lines) {
    parts.push(rule(across(share), top, across(share), foot, LINE, true));
    parts.push(label(text, across(share), top - 3, { anchor: "middle", fill: LINE }));
  }
  parts.push(label(data.value, (left + right) / 2, height - 4, { size: 11, anchor: "middle" }));
  return parts;
}

function uprightBars(data, frame, id) {
  const { width, top, height } = frame;
  const left = 16 + Math.max(...data.ticks.map(([, text]) => widthOf(text, 12)));
  const right = width - 8, foot = height - 44;
  const up = (share) => foot - share * (foot - top);
  const parts = [];
  for (const [share, text] of data.ticks) {
    parts.push(rule(left, up(share), right, up(share), share ? GRID : AXIS));
    parts.push(label(text, left - 6, up(share) + 4, { anchor: "end", fill: QUIET }));
  }
  const step = (right - left) / data.categories.length;
  const longest = Math.max(...data.categories.map((text) => widthOf(text, 11))) + 6;
  const every = Math.max(1, Math.ceil(Math.min(longest, 90) / step));
  const thick = (step * 0.72) / data.series.length;
  data.categories.forEach((category, i) => {
    const middle = left + (i + 0.5) * step;
    if (i % every === 0) {
      const shown = fitted(category, 11, Math.max(step * every - 4, 24));
      parts.push(label(shown, middle, foot + 16, { size: 11, anchor: "middle" }));
    }
    data.series.forEach((series, j) => {
      const x = middle + (j - data.series.length / 2) * thick;
      const y = up(series.shares[i]);
      const place = { x: x + 0.5, y, width: Math.max(1, thick - 1), height: foot - y };
      const text = series.texts[i] ?? "";
      parts.push(...bar(series, place, id));
      if (widthOf(text, 11) < step + 8) {
        parts.push(label(text, x + thick / 2, y - 4, { size: 11, anchor: "middle" }));
      }
    });
  });
  for (const [share, text] of data.lines) {
    parts.push(rule(left, up(share), right, up(share), LINE, true));
    parts.push(label(text, right, up(share) - 4, { anchor: "end", fill: LINE }));
  }
  parts.push(label(data.category, (left + right) / 2, height - 6, { anchor: "middle" }));
  parts.push(label(data.value, 0, top - 14, { size: 11, fill: QUIET }));
  return parts;
}

function points(data, frame, choose) {
  const { width, height } = frame;
  const left = 28 + Math.max(...data.up.map(([, text]) => widthOf(text, 12)));
  const right = width - 16, top = 36, foot = height - 44;
  const across = (share) => left + share * (right - left);
  const up = (share) => foot - share * (foot - top);
  const parts = [label(data.value, 0, 12, { size: 11, fill: QUIET })];
  for (const [share, text] of data.up) {
    parts.push(rule(left, up(share), right, up(share), GRID));
    parts.push(label(text, left - 12, up(share) + 4, { anchor: "end", fill: QUIET }));
  }
  for (const [share, text] of data.ticks) {
    parts.push(rule(across(share), top, across(share), foot, GRID));
    parts.push(label(text, across(share), foot + 16, { anchor: "middle", fill: QUIET }));
  }
  for (const [share, text] of data.lines) {
    parts.push(rule(left, up(share), right, up(share), LINE, true));
    parts.push(label(text, left + 4, up(share) + 14, { fill: LINE }));
  }
  const path = data.points.map(([x, y], i) => i
    ? `H${across(x)}V${up(y)}` : `M${across(x)},${up(y)}`).join("");
  parts.push(make("path", { d: path, fill: "none", stroke: data.colour, "stroke-width": 1.5 }));
  data.points.forEach(([x, y, text], i) => {
    const place = { cx: across(x), cy: up(y), r: 5, fill: "white", stroke: data.colour };
    const dot = make("circle", { ...place, "stroke-width": 1.5, class: "point" });
    const reach = make("circle", { ...place, r: 12, opacity: 0, class: "reach" });
    reach.append(make("title", {}, text));
    reach.addEventListener("click", () => choose(i));
    parts.push(dot, reach);
  });
  if (data.here) {
    const [x, y] = [across(data.here[0]), up(data.here[1])];
    const side = data.here[0] < 0.62 ? 1 : -1;
    parts.push(make("path", {
      d: `M${x},${y - 8}L${x + 8},${y}L${x},${y + 8}L${x - 8},${y}Z`, fill: data.colour,
      class: "here",
    }));
    parts.push(label("you are here", x + side * 12, y + (side > 0 ? -6 : 16), {
      size: 13, anchor: side > 0 ? "start" : "end", fill: data.colour, weight: 600,
    }));
  }
  parts.push(label(data.category, (left + right) / 2, height - 6, { anchor: "middle" }));
  return parts;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const host = parentElement.querySelector(".live");
  const id = `hatch-${data.id}`;
  const choose = (i) => setTriggerValue("chosen", [data.version, i]);
  host.redraw = () => {
    const width = Math.max(240, host.clientWidth);
    const named = data.kind === "bars" && data.series.length > 1;
    const above = named ? legend(data, width, id) : { parts: [], height: 0 };
    const top = above.height + (data.kind === "bars" ? (data.lying ? 14 : 26) : 0);
    const frame = { width, top, height: data.height };
    const draw = data.kind === "points" ? points : data.lying ? lyingBars : uprightBars;
    const drawn = draw(data, frame, data.kind === "points" ? choose : id);
    host.replaceChildren(make("svg", {
      width, height: data.height, viewBox: `0 0 ${width} ${data.height}`, role: "img",
      "aria-label": data.alt,
    }, hatch(id), ...above.parts, ...drawn));
  };
  host.redraw();
  if (!host.watched) {
    host.watched = new ResizeObserver(() => host.redraw());
    host.watched.observe(host);
  }
}
