// The opened bets of all pairs, as dots without names: product above the line, as
// discs; engineering below it, as squares. Choices are bars. The same stands in words.

const WIDTH = 1000;
const SIZE = 11;
const BINS = 42;
const EDGE = 24;
const SVG = "http://www.w3.org/2000/svg";

function shape(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, String(value));
  }
  return element;
}

function worded(tag, kind, words) {
  const element = document.createElement(tag);
  if (kind) element.className = kind;
  element.textContent = words;
  return element;
}

/** Where each dot lies: along the axis, and how many are under it. */
function piled(dots) {
  const piles = new Map();
  return dots.map((dot) => {
    const bin = Math.round(dot.at * BINS);
    const key = `${dot.role} ${bin}`;
    const high = piles.get(key) ?? 0;
    piles.set(key, high + 1);
    return { ...dot, high, x: EDGE + (bin / BINS) * (WIDTH - 2 * EDGE) };
  });
}

function marked(dot, middle) {
  const away = (dot.high + 0.75) * (2 * SIZE + 3);
  if (dot.role === "product") {
    return shape("circle", { cx: dot.x, cy: middle - away, r: SIZE, class: "cgr-product" });
  }
  const side = 2 * SIZE - 4;
  return shape("rect", {
    x: dot.x - side / 2,
    y: middle + away - side / 2,
    width: side,
    height: side,
    class: "cgr-engineering",
  });
}

function strip(question) {
  const dots = piled(question.dots);
  const most = (role) =>
    Math.max(1, ...dots.filter((d) => d.role === role).map((d) => d.high + 1));
  const row = 2 * SIZE + 3;
  const middle = (most("product") + 0.4) * row;
  const height = middle + (most("engineering") + 0.4) * row;
  const svg = shape("svg", {
    viewBox: `0 0 ${WIDTH} ${Math.ceil(height)}`,
    role: "img",
    "aria-label": question.said.join("; "),
  });
  svg.append(shape("line", { x1: 0, x2: WIDTH, y1: middle, y2: middle, class: "cgr-axis" }));
  for (const dot of dots) svg.append(marked(dot, middle));
  return svg;
}

function asked(question) {
  const box = document.createElement("figure");
  const ends = document.createElement("p");
  ends.className = "cgr-ends";
  ends.append(...question.ticks.map((tick) => worded("span", "", tick)));
  box.append(worded("h3", "", question.title), strip(question), ends);
  return box;
}

function chosen(choice) {
  const box = document.createElement("figure");
  const list = document.createElement("ul");
  list.className = "cgr-bars";
  for (const row of choice.rows) {
    const line = document.createElement("li");
    const bar = shape("svg", { viewBox: "0 0 100 6", "aria-hidden": "true" });
    bar.setAttribute("preserveAspectRatio", "none");
    bar.append(shape("rect", { width: 100 * row.share, height: 6, class: "cgr-bar" }));
    line.append(worded("span", "", `${row.name} · ${row.said}`), bar);
    list.append(line);
  }
  box.append(worded("h3", "", choice.title), list);
  return box;
}

let shown = "";

/** Draw the dots anew only when they are others. */
export function showDots(place, given) {
  const now = JSON.stringify(given);
  if (now === shown) return;
  shown = now;
  place.replaceChildren(...given.questions.map(asked), ...given.choices.map(chosen));
}
