// The small things that pictures and tables are made of.

// Asked of the browser, so that no address stands on the page, not even a name like one.
const SVG = document.createRange().createContextualFragment("<svg></svg>").firstChild.namespaceURI;

function put(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

const h = (name, attributes = {}, ...children) =>
  put(document.createElement(name), attributes, children);
const svg = (name, attributes = {}, ...children) =>
  put(document.createElementNS(SVG, name), attributes, children);
const px = (value) => Math.round(value * 10) / 10;
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function setText(node, text) {
  const only = node.firstChild;
  if (!only) node.textContent = text;
  else if (only.nodeValue !== text) only.nodeValue = text;
}

function setAttribute(node, name, value) {
  if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

// Whether there was anything to change.
function setPieces(node, found) {
  if (node.textContent === found.map((piece) => piece.text).join("")) return false;
  node.replaceChildren(
    ...found.map(({ text, number }) =>
      number ? h("strong", { text }) : document.createTextNode(text),
    ),
  );
  return true;
}

// The place in a rising list that is nearest to a value.
function nearest(values, value) {
  let low = 0;
  let high = values.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle] <= value) low = middle;
    else high = middle;
  }
  return value - values[low] <= values[high] - value ? low : high;
}

function onResize(node, layOut) {
  let width = 0;
  const observer = new ResizeObserver(() => {
    const now = Math.round(node.clientWidth);
    if (now && now !== width) layOut((width = now));
  });
  observer.observe(node);
  return () => observer.disconnect();
}

function letterOf(state, role) {
  return (Array.from(state.names[role])[0] ?? "?").toUpperCase();
}

function shortName(name) {
  const letters = Array.from(name);
  return letters.length > 14 ? `${letters.slice(0, 13).join("")}…` : name;
}

// A figure whose shape shows the truth: filled with a plus, or hollow with a cross.
function figure(positive) {
  const body = "M4.6 22.5v-5.2c0-3.4 2.2-5.3 5.4-5.3s5.4 1.9 5.4 5.3v5.2z";
  const sign = positive ? "M10 14.4v5.2M7.4 17h5.2" : "M8 15l4 4M12 15l-4 4";
  return svg(
    "g",
    { class: positive ? "cgx-figure cgx-yes" : "cgx-figure cgx-no" },
    svg("circle", { cx: 10, cy: 6.6, r: 3.9 }),
    svg("path", { d: body }),
    svg("path", { d: sign, class: "cgx-sign" }),
  );
}

// A table twin under its picture; it is filled only while it is open.
function twin(view, key, heads, rows) {
  const body = h("tbody");
  const head = h("tr", {}, ...heads.map((text) => h("th", { scope: "col", text })));
  const table = h("table", { class: "cgx-table" }, h("thead", {}, head), body);
  const details = h(
    "details",
    { "data-key": key, ontoggle: () => view.schedule() },
    h("summary", { text: view.state.texts.as_table }),
    h("div", { class: "cgx-scroll" }, table),
  );
  const draw = (now, texts) => {
    if (!details.open) return;
    body.replaceChildren(
      ...rows(now, texts).map(({ cells: [first, ...others], marked }) =>
        h(
          "tr",
          { class: marked ? "cgx-marked" : null },
          h("th", { scope: "row", text: first }),
          ...others.map((text) => h("td", { text })),
        ),
      ),
    );
  };
  return { node: details, draw };
}

// About ten cuts and the one where the line stands, each as one row of a table.
function rowsAtCuts(state, now, cellsOf) {
  const last = state.cuts.length - 1;
  const places = new Set([now.act]);
  for (let i = 0; i <= 10; i++) places.add(Math.round((i * last) / 10));
  return [...places]
    .sort((a, b) => a - b)
    .map((place) => {
      const marked = place === now.act;
      const at = marked ? now : measure(state, place, place);
      const cut = state.shown[place];
      const first = marked ? fill(state.texts.now, { cut }) : cut;
      return { cells: [first, ...cellsOf(at)], marked };
    });
}
