// The case line: 100 dots piled up by score, and the bar that parts them.

const EDGE = 24; // room for half a handle at either end

function caseLine(view) {
  const { state } = view;
  const { texts } = state;
  const layers = {};
  const layer = (name) => (layers[name] = svg("g", { class: `cgx-${name}` }));
  const grounds = ["idle", "asked", "acted"].map((name) =>
    svg("rect", { class: `cgx-ground cgx-${name}`, y: 34 }),
  );
  const picture = svg(
    "svg",
    { class: "cgx-line-svg", role: "group", "aria-label": texts.line_alt },
    ...grounds,
    layer("axis"),
    layer("dots"),
    layer("flags"),
  );
  const act = handle(view, "act");
  const ask = handle(view, "ask");
  picture.append(act.node, ask.node);
  const side = (name) => h("p", { class: `cgx-side cgx-side-${name}` });
  const sides = { left: side("left"), middle: side("middle"), right: side("right") };
  const table = caseTable(view);
  const node = h(
    "div",
    { class: "cgx-line" },
    h("div", { class: "cgx-sides" }, sides.left, sides.middle, sides.right),
    picture,
    h("div", { class: "cgx-under" }, truthKey(texts), table.node),
  );
  const line = { node, picture, layers, grounds, sides, act, ask, dots: [], parted: 0 };
  picture.addEventListener("click", (event) => tapLine(view, line, event));
  line.stop = onResize(node, (width) => layOutLine(view, line, width));
  layOutLine(view, line, 640);
  line.draw = (now, said) => {
    drawLine(view, line, now, said);
    table.draw(now, said);
  };
  return line;
}

function truthKey(texts) {
  const sample = (positive) =>
    svg("svg", { viewBox: "-9 -9 18 18", "aria-hidden": "true" }, dot(positive, 7));
  const part = (positive, text) => h("span", {}, sample(positive), h("span", { text }));
  return h(
    "p",
    { class: "cgx-key" },
    part(true, texts.positive),
    part(false, texts.negative),
    h("span", { text: texts.axis }),
  );
}

function caseTable(view) {
  const { texts } = view.state;
  const heads = ["col_cut", "col_acted", "col_wrong", "col_missed"];
  heads.push("col_asked", "col_left");
  return twin(
    view,
    "table-line",
    heads.map((name) => texts[name]),
    (now) =>
      rowsAtCuts(view.state, now, ({ cells }) => {
        const { tp, fp, fn, tn, asked_positive, asked_negative } = cells;
        return [tp + fp, fp, fn, asked_positive + asked_negative, tn].map(whole);
      }),
  );
}

function dot(positive, radius) {
  const arm = radius * 0.5;
  const sign = positive
    ? `M0 ${-arm}V${arm}M${-arm} 0H${arm}`
    : `M${-arm} ${-arm}L${arm} ${arm}M${-arm} ${arm}L${arm} ${-arm}`;
  const parts = [svg("circle", { r: px(positive ? radius : radius - 0.8) })];
  if (radius >= 3.5) parts.push(svg("path", { d: sign, class: "cgx-sign" }));
  return svg("g", { class: positive ? "cgx-dot cgx-yes" : "cgx-dot cgx-no" }, ...parts);
}

function layOutLine(view, line, width) {
  const { dots, ticks } = view.state;
  const span = width - 2 * EDGE;
  const places = [...new Set(dots.across)].sort((a, b) => a - b);
  const gaps = places.slice(1).map((place, i) => place - places[i]);
  const least = Math.min(1, ...gaps.filter((gap) => gap > 0.004));
  const highest = Math.max(...dots.up, 0) + 1;
  const radius = clamp(least * span * 0.47, 2.6, 8.5);
  const step = Math.min(2 * radius + 0.6, 190 / highest);
  const floor = Math.max(34 + highest * step + 26, 150);
  Object.assign(line, { span, floor, marks: "", x: (place) => EDGE + place * span });
  line.dots = dots.across.map((across, i) => {
    const node = dot(Boolean(dots.positive[i]), radius);
    const y = floor - radius - 2 - dots.up[i] * step;
    node.setAttribute("transform", `translate(${px(line.x(across))} ${px(y)})`);
    return node;
  });
  line.layers.dots.replaceChildren(...line.dots);
  line.picture.style.setProperty("--cgx-ring", px(clamp(radius * 0.33, 1, 2.6)));
  line.layers.axis.replaceChildren(...scale(line, width, ticks));
  line.width = width;
  line.places = placesOf(view.state, line);
  for (const ground of line.grounds) setAttribute(ground, "height", floor - 34);
  line.act.layOut(34, floor);
  line.ask.layOut(34, floor);
  line.parted = 0;
  view.again();
}

// Where each cut stands, in pixels: "everyone" left of every dot, "no one" right of all.
function placesOf({ across }, line) {
  const places = across.map(line.x);
  places[0] = Math.min(places[0], EDGE / 2);
  places[across.length - 1] = line.width - EDGE / 2;
  return places;
}

function scale(line, width, ticks) {
  const y = line.floor;
  const parts = [svg("path", { d: `M${EDGE} ${y}H${width - EDGE}` })];
  let free = -Infinity;
  for (const [place, text] of ticks) {
    const x = px(line.x(place));
    if (x < free || x > width - 8) continue;
    free = x + 12 + 8 * text.length;
    parts.push(svg("path", { d: `M${x} ${y}v5` }));
    parts.push(svg("text", { x, y: y + 18, "text-anchor": "middle", text }));
  }
  return parts;
}

function drawLine(view, line, now, said) {
  const [act, ask] = [line.places[now.act], line.places[now.ask]];
  const right = line.width;
  const ends = { 0: 0, [view.state.cuts.length - 1]: right };
  const bounds = [0, ends[now.ask] ?? ask, ends[now.act] ?? act, right];
  line.grounds.forEach((ground, i) => {
    setAttribute(ground, "x", px(bounds[i]));
    setAttribute(ground, "width", px(Math.max(0, bounds[i + 1] - bounds[i])));
  });
  line.act.draw(act, said.bar, said.spoken, now.act, view.state.cuts.length - 1, right);
  line.ask.draw(ask, said.bar_ask, said.spoken_ask, now.ask, now.act, right);
  line.ask.node.classList.toggle("cgx-off", !view.isOpen("person"));
  partDots(view.state, line, now);
  for (const name of ["left", "middle", "right"]) setText(line.sides[name], said[name]);
  const [idle, asked, acted] = pairSums(now.people);
  line.sides.left.classList.toggle("cgx-none", idle === 0);
  line.sides.middle.hidden = now.act === now.ask && asked === 0;
  line.sides.right.classList.toggle("cgx-none", acted === 0);
  drawFlags(view, line);
}

// Dots are in the order in which a rising line leaves them behind: only those between
// where the line was and where it is have to be touched.
function partDots({ dots }, line, { ask }) {
  let end = line.parted;
  while (end < line.dots.length && dots.until[end] < ask)
    line.dots[end++].classList.add("cgx-left");
  while (end > 0 && dots.until[end - 1] >= ask)
    line.dots[--end].classList.remove("cgx-left");
  line.parted = end;
}

function drawFlags(view, line) {
  const marks = JSON.stringify(view.marks);
  if (line.marks === marks) return;
  line.marks = marks;
  const flags = view.roles
    .filter((role) => view.marks[role] !== undefined)
    .map((role, row) => flag(view, line, role, row));
  line.layers.flags.replaceChildren(...flags);
  const height = line.floor + 30 + 22 * flags.length;
  setAttribute(line.picture, "viewBox", `0 0 ${line.width} ${height}`);
  setAttribute(line.picture, "height", height);
}

function flag(view, line, role, row) {
  const { state } = view;
  const place = view.marks[role];
  const x = px(line.places[place]);
  const y = line.floor + 28 + 22 * row;
  const before = x > line.span * 0.7;
  const name = shortName(state.names[role]);
  const label = fill(state.texts.mark_at, { name: state.names[role], cut: state.shown[place] });
  return svg(
    "g",
    { class: `cgx-flag cgx-${role}`, role: "img", "aria-label": label },
    svg("path", { class: "cgx-pole", d: `M${x} 34V${y + 8}` }),
    badge(role, letterOf(state, role), x, y + 8),
    svg("text", {
      class: "cgx-name",
      x: before ? x - 14 : x + 14,
      y: y + 12.5,
      "text-anchor": before ? "end" : "start",
      text: name,
    }),
  );
}

// A half's mark: its letter, on a disc or on a square.
function badge(role, letter, x, y) {
  const shape =
    role === "product"
      ? svg("circle", { cx: x, cy: y, r: 9.5 })
      : svg("rect", { x: x - 9, y: y - 9, width: 18, height: 18, rx: 3 });
  return svg(
    "g",
    { class: `cgx-badge cgx-${role}` },
    shape,
    svg("text", { x, y: y + 4.5, "text-anchor": "middle", text: letter }),
  );
}
