// What opens one at a time: the curve, a second line, money, groups, limits.

const PARTS = {
  curve: { make: curvePart, there: () => true },
  person: { make: personPart, there: () => true },
  money: { make: moneyPart, there: (state) => state.money || state.minutes },
  groups: { make: groupsPart, there: (state) => state.groups.length > 0 },
  limits: { make: limitsPart, there: (state) => Object.keys(state.limits).length > 0 },
};

function parts(view) {
  const { texts } = view.state;
  const made = partsOf(view).map((name) => part(view, name));
  const row = h(
    "div",
    { class: "cgx-row cgx-tabs", role: "group", "aria-label": texts.parts },
    ...made.map(({ tab }) => tab),
  );
  const body = h("div", { class: "cgx-parts" }, ...made.map(({ node }) => node));
  const draw = (now, said) => {
    for (const one of made) one.draw(now, said);
  };
  const stop = () => made.forEach((one) => one.stop?.());
  return { node: h("div", {}, row, body), draw, stop };
}

const partsOf = ({ state }) =>
  Object.keys(PARTS).filter((name) => PARTS[name].there(state));

function part(view, name) {
  const { texts } = view.state;
  const own = PARTS[name].make(view);
  const node = h("section", { class: `cgx-part cgx-part-${name}` }, own.node);
  node.setAttribute("aria-label", texts[`part_${name}`]);
  const tab = button(texts[`part_${name}`], `part-${name}`, () => view.toggle(name), "cgx-tab");
  const draw = (now, said) => {
    const open = view.isOpen(name);
    setAttribute(tab, "aria-expanded", open);
    if (node.hidden === open) node.hidden = !open;
    if (open) own.draw(now, said);
  };
  return { tab, node, draw, stop: own.stop };
}

// What to do next: first the bar, then a mark, then one part after the other.
function hintText(view) {
  const { texts } = view.state;
  if (view.act === 0 && !view.history.length && !view.opened.length) return texts.hint_drag;
  if (unmarked(view).length && !view.opened.length) return texts.hint_mark;
  const next = partsOf(view).find((name) => !view.isOpen(name));
  return next ? texts[`hint_${next}`] : texts.hint_done;
}

// --- the curve -------------------------------------------------------------------------

const ROOM = { left: 46, right: 14, top: 12, bottom: 44 };

function curvePart(view) {
  const { state } = view;
  const { texts } = state;
  const layers = ["limits", "frame", "band", "path", "marks"].map((name) =>
    svg("g", { class: `cgx-curve-${name}` }),
  );
  const reach = svg("path", { class: "cgx-reach" });
  const point = svg("circle", { class: "cgx-point", r: 7 });
  const picture = svg(
    "svg",
    { class: "cgx-curve-svg", role: "img", "aria-label": texts.curve_alt },
    ...layers,
    reach,
    point,
  );
  const text = h("p", { class: "cgx-now" });
  const table = curveTable(view);
  const node = h("div", {}, h("h4", { text: texts.curve_title }), picture, text);
  if (state.band) node.append(h("p", { class: "cgx-quiet", text: texts.curve_band }));
  node.append(table.node);
  const curve = { picture, layers, reach, point, points: curvePoints(state) };
  const stop = onResize(node, (width) => layOutCurve(view, curve, width));
  layOutCurve(view, curve, 480);
  const draw = (now, said) => {
    drawCurve(view, curve, now, said);
    setText(text, said.curve);
    table.draw(now, said);
  };
  return { node, draw, stop };
}

function curvePoints({ counts }) {
  const { tp, fp } = decoded(counts);
  return tp.map((right, i) => ({
    recall: counts.positives ? right / counts.positives : 0,
    precision: right + fp[i] ? right / (right + fp[i]) : null,
  }));
}

function layOutCurve(view, curve, width) {
  const wide = Math.min(width, 620);
  const high = clamp(wide * 0.62, 275, 360);
  const across = wide - ROOM.left - ROOM.right;
  const down = high - ROOM.top - ROOM.bottom;
  curve.x = (share) => px(ROOM.left + share * across);
  curve.y = (share) => px(ROOM.top + (1 - share) * down);
  setAttribute(curve.picture, "viewBox", `0 0 ${wide} ${high}`);
  setAttribute(curve.picture, "style", `max-width:${wide}px`);
  const [limits, frame, band, path] = curve.layers;
  limits.replaceChildren(...limitGround(view.state, curve));
  frame.replaceChildren(...curveFrame(view.state.texts, curve, wide, high));
  band.replaceChildren(...bandShape(view.state, curve));
  path.replaceChildren(svg("path", { d: through(curve, curve.points) }));
  curve.marked = "";
  view.again();
}

function through({ x, y }, points) {
  const drawn = points.filter(({ precision }) => precision !== null);
  const steps = drawn.map(({ recall, precision }) => `${x(recall)} ${y(precision)}`);
  return steps.length ? `M${steps.join("L")}` : "";
}

function bandShape({ band }, curve) {
  if (!band) return [];
  const end = (name) =>
    curve.points
      .map(({ recall }, i) => ({ recall, precision: band[name][i] }))
      .filter(({ precision }) => precision !== null);
  const [low, high] = [end("precision_lo"), end("precision_hi")];
  if (!low.length) return [];
  return [svg("path", { d: `${through(curve, low)}L${through(curve, high.reverse()).slice(1)}Z` })];
}

function curveFrame(texts, { x, y }, wide, high) {
  const made = [];
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    made.push(svg("path", { d: `M${x(0)} ${y(share)}H${x(1)}` }));
    made.push(svg("text", { x: x(0) - 8, y: y(share) + 4, "text-anchor": "end", text: 100 * share }));
    made.push(svg("text", { x: x(share), y: y(0) + 17, "text-anchor": "middle", text: 100 * share }));
  }
  const middle = (y(0) + y(1)) / 2;
  const turned = `rotate(-90 12 ${middle}) translate(12 ${middle})`;
  made.push(svg("text", { x: x(0.5), y: high - 6, "text-anchor": "middle", text: texts.curve_x }));
  made.push(svg("text", { transform: turned, "text-anchor": "middle", text: texts.curve_y }));
  return made;
}

// Ground that a limit forbids: it turns when the line stands on it.
function limitGround({ limits }, { x, y }) {
  const made = [];
  const forbid = (name, box) =>
    made.push(svg("rect", { class: "cgx-forbidden", "data-limit": name, ...box }));
  const right = [x(1) - x(0), y(0) - y(1)];
  const under = (name, least) =>
    forbid(name, { x: x(0), y: y(least), width: right[0], height: px(y(0) - y(least)) });
  if ("min_precision" in limits) under("min_precision", limits.min_precision);
  const most = "max_error_among_answered";
  if (most in limits) under(most, 1 - limits[most]);
  if ("min_recall" in limits)
    forbid("min_recall", { x: x(0), y: y(1), width: px(x(limits.min_recall) - x(0)), height: right[1] });
  return made;
}

function drawCurve(view, curve, now, said) {
  const { precision, recall } = now.rates;
  const shownNow = precision.n > 0;
  setAttribute(curve.point, "visibility", shownNow ? "visible" : "hidden");
  setAttribute(curve.reach, "visibility", shownNow ? "visible" : "hidden");
  if (shownNow) {
    const [x, y] = [curve.x(recall.value), curve.y(precision.value)];
    setAttribute(curve.point, "transform", `translate(${x} ${y})`);
    const up = `M${x} ${curve.y(precision.lo)}V${curve.y(precision.hi)}`;
    setAttribute(curve.reach, "d", `${up}M${curve.x(recall.lo)} ${y}H${curve.x(recall.hi)}`);
  }
  for (const ground of curve.layers[0].children) {
    const state = said[`${ground.dataset.limit}_state`];
    ground.classList.toggle("cgx-broken", state === view.state.texts.broken);
  }
  curve.layers[0].classList.toggle("cgx-off", !view.isOpen("limits"));
  markCurve(view, curve);
}

function markCurve(view, curve) {
  const key = JSON.stringify(view.marks);
  if (curve.marked === key) return;
  curve.marked = key;
  const { state } = view;
  const all = curve.points[0];
  const [x, y] = [curve.x(all.recall), curve.y(all.precision)];
  const made = [
    svg("rect", { class: "cgx-everyone", x: x - 5, y: y - 5, width: 10, height: 10 }),
    svg("text", { x: x - 2, y: y + 20, "text-anchor": "end", text: state.texts.curve_all }),
  ];
  for (const role of view.roles) {
    const at = curve.points[view.marks[role]];
    if (!at || at.precision === null) continue;
    made.push(badge(role, letterOf(state, role), curve.x(at.recall), curve.y(at.precision)));
  }
  curve.layers[4].replaceChildren(...made);
}

function curveTable(view) {
  const { texts } = view.state;
  const heads = ["col_cut", "col_precision", "col_recall"].map((name) => texts[name]);
  return twin(view, "table-curve", heads, (now) =>
    rowsAtCuts(view.state, now, ({ rates }) =>
      [rates.precision, rates.recall].map((number) => rateText(view.state, number)),
    ),
  );
}

// --- a second line ---------------------------------------------------------------------

function personPart(view) {
  const { texts } = view.state;
  const text = h("p", { class: "cgx-now" });
  const how = h("p", { class: "cgx-quiet" });
  const typed = typedField(view, "ask");
  const draw = (now, said) => {
    typed.draw(now.ask);
    setText(text, now.act > now.ask ? said.middle : "");
    setText(how, now.act === 0 ? texts.person_first : texts.person_how);
  };
  return { node: h("div", {}, h("h4", { text: texts.part_person }), how, text, typed.node), draw };
}

// --- money and minutes -----------------------------------------------------------------

function moneyPart(view) {
  const { state } = view;
  const scales = ["money", "minutes"]
    .filter((name) => state[name])
    .map((name) => worthScale(view, name));
  const assumed = h("p", { class: "cgx-quiet", text: state.texts.money_assumed });
  const node = h("div", {}, ...scales.map((scale) => scale.node), assumed);
  const draw = (now, said) => scales.forEach((scale) => scale.draw(now, said));
  return { node, draw, stop: () => scales.forEach((scale) => scale.stop()) };
}

function worthScale(view, name) {
  const { state } = view;
  const worth = state[name];
  const { texts } = state;
  const values = state.cuts.map((_, i) => worthAt(state, worth, i, i));
  const own = { worth, values, marks: svg("g"), reach: svg("path", { class: "cgx-reach" }) };
  own.point = svg("circle", { class: "cgx-point", r: 7, cy: 26 });
  own.axis = svg("path", { class: "cgx-axis" });
  const label = fill(texts.money_alt, { unit: worth.unit });
  own.picture = svg(
    "svg",
    { class: "cgx-worth-svg", role: "img", "aria-label": label },
    own.axis,
    own.marks,
    own.reach,
    own.point,
  );
  const text = h("p", { class: "cgx-now" });
  const table = worthTable(view, name, worth);
  const title = fill(texts.money_title, { unit: worth.unit });
  const node = h("div", {}, h("h4", { text: title }), text, own.picture, table.node);
  own.ends = worthEnds(state, worth, values);
  const stop = onResize(node, (width) => layOutWorth(view, own, width));
  layOutWorth(view, own, 480);
  const draw = (now, said) => {
    setText(text, said[name]);
    drawWorth(state, own, now);
    table.draw(now, said);
  };
  return { node, draw, stop };
}

const worthAt = (state, worth, act, ask) =>
  worthAWeek(state, worth, cellsAt(state.counts, act, ask), state.counts.deff);

// How far the scale has to reach: any line, with and without a person below it.
function worthEnds(state, worth, values) {
  const asking = state.cuts.map((_, i) => worthAt(state, worth, i, 0));
  const found = [...values, ...asking].flatMap(({ lo, hi }) => [lo, hi]);
  if (worth.today !== null) found.push(worth.today * state.per_week);
  const [low, high] = [Math.min(...found), Math.max(...found)];
  return high > low ? [low, high] : [low - 1, high + 1];
}

function layOutWorth(view, own, width) {
  const [low, high] = own.ends;
  own.x = (value) => px(14 + ((clamp(value, low, high) - low) / (high - low)) * (width - 28));
  setAttribute(own.axis, "d", `M6 26H${width - 6}`);
  const lowest = markWorth(view.state, own, width);
  setAttribute(own.picture, "viewBox", `0 0 ${width} ${lowest}`);
  setAttribute(own.picture, "height", lowest);
  view.again();
}

// What anybody could do without a model, each with its name on a row of its own.
function markWorth({ texts, per_week: volume }, own, width) {
  const trivial = [
    ["money_all", own.values[0].value],
    ["money_none", own.values.at(-1).value],
  ];
  if (own.worth.today !== null) trivial.push(["money_today", own.worth.today * volume]);
  const placed = trivial.map(([name, value]) => ({ name, value, x: own.x(value) }));
  // Names run towards the middle; in this order no pole crosses a name above it.
  const left = placed.filter(({ x }) => x <= width * 0.55).sort((a, b) => b.x - a.x);
  const right = placed.filter(({ x }) => x > width * 0.55).sort((a, b) => a.x - b.x);
  own.marks.replaceChildren(
    ...[...left, ...right].map(({ name, value, x }, row) => {
      const y = 54 + 19 * row;
      const end = row >= left.length;
      const text = `${texts[name]}: ${fill(texts.money_point, { value: count(value) })}`;
      const place = { x: end ? x - 6 : x + 6, y, "text-anchor": end ? "end" : "start" };
      return svg("g", {}, svg("path", { d: `M${x} 18V${y + 2}` }), svg("text", { ...place, text }));
    }),
  );
  return 54 + 19 * placed.length - 8;
}

function drawWorth(state, own, now) {
  const { value, lo, hi } = worthAt(state, own.worth, now.act, now.ask);
  setAttribute(own.point, "cx", own.x(value));
  setAttribute(own.reach, "d", `M${own.x(lo)} 26H${own.x(hi)}`);
}

function worthTable(view, name, worth) {
  const { state } = view;
  const { texts } = state;
  const heads = [texts.col_cut, fill(texts.money_title, { unit: worth.unit })];
  return twin(view, `table-${name}`, heads, (now) =>
    rowsAtCuts(state, now, ({ act, ask }) => {
      const value = worthAt(state, worth, act, ask);
      return [fill(texts.money_now, { value, unit: worth.unit })];
    }),
  );
}

// --- groups ----------------------------------------------------------------------------

function groupsPart(view) {
  const { state } = view;
  const { texts } = state;
  const rows = rowsOfGroups(state).map((row) => groupRow(row));
  const heads = ["col_group", "col_share", "col_error", "col_recall"];
  const head = h("tr", { role: "row" }, ...heads.map((name) => columnName(texts[name])));
  const body = [];
  let column = "";
  for (const row of rows) {
    if (row.column && row.column !== column) body.push(columnHead((column = row.column)));
    body.push(row.node);
  }
  const table = h(
    "table",
    { class: "cgx-table cgx-groups", role: "table" },
    h("caption", { text: texts.groups_alt }),
    h("thead", {}, head),
    h("tbody", {}, ...body),
  );
  const draw = (now, said) => rows.forEach((row) => drawGroup(state, row, now, said));
  const node = h("div", {}, h("h4", { text: texts.groups_title }));
  node.append(h("div", { class: "cgx-scroll" }, table));
  return { node, draw };
}

// On a narrow page a row is set on two lines; said here, its parts keep their roles.
const columnName = (text) => h("th", { scope: "col", role: "columnheader", text });
const columnHead = (text) =>
  h(
    "tr",
    { class: "cgx-column", role: "row" },
    h("th", { scope: "rowgroup", role: "rowheader", colspan: 4, text }),
  );

function groupRow({ key, name, column, counts }) {
  const reach = svg("rect", { class: "cgx-reach-bar", y: 5, height: 4 });
  const point = svg("rect", { class: "cgx-point-bar", y: 0, height: 14, width: 2 });
  const all = svg("rect", { class: "cgx-all-bar", y: 0, height: 14, width: 0.8 });
  const bar = svg(
    "svg",
    { viewBox: "0 0 100 14", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { class: "cgx-track", y: 6.5, height: 1, width: 100 }),
    all,
    reach,
    point,
  );
  const cell = (name, ...inside) => h("td", { role: "cell", class: name }, ...inside);
  const cells = { share: cell("cgx-share"), error: h("span"), found: cell("cgx-found") };
  const error = cell("cgx-error", cells.error, bar);
  const first = h("th", { scope: "row", role: "rowheader", text: name });
  const node = h("tr", { role: "row" }, first, cells.share, error, cells.found);
  return { key, column, counts, node, cells, reach, point, all };
}

function drawGroup(state, row, now, said) {
  for (const [part, cell] of Object.entries(row.cells)) setText(cell, said[`${row.key}_${part}`]);
  const rates = ratesOf(state.z, cellsAt(row.counts, now.act, now.ask), row.counts.deff);
  const { value, lo, hi } = rates.error_among_answered;
  const overall = now.rates.error_among_answered.value;
  const seen = (node, there) => setAttribute(node, "visibility", there ? "visible" : "hidden");
  seen(row.reach, value !== null);
  seen(row.point, value !== null);
  seen(row.all, overall !== null && row.column);
  if (overall !== null) setAttribute(row.all, "x", px(100 * overall - 0.4));
  if (value === null) return;
  setAttribute(row.reach, "x", px(100 * lo));
  setAttribute(row.reach, "width", px(100 * (hi - lo)));
  setAttribute(row.point, "x", px(clamp(100 * value - 1, 0, 98)));
}

// --- limits ----------------------------------------------------------------------------

function limitsPart(view) {
  const { state } = view;
  const { texts } = state;
  const rows = Object.entries(state.limits).map(([name, bound]) => {
    const text = fill(texts[`limit.${name}`], { bound: count(bound) });
    const now = h("strong");
    const word = h("span", { class: "cgx-word" });
    const range = h("small");
    const node = h("li", {}, h("span", { text }), now, word, range);
    return { name, node, now, word, range };
  });
  const list = h("ul", { class: "cgx-limits" }, ...rows.map(({ node }) => node));
  const draw = (_, said) => rows.forEach((row) => drawLimit(texts, row, said));
  return { node: h("div", {}, h("h4", { text: texts.limits_title }), list), draw };
}

function drawLimit(texts, { name, node, now, word, range }, said) {
  const state = said[`${name}_state`];
  setText(now, said[`${name}_now`]);
  setText(word, state);
  setText(range, said[`${name}_range`]);
  node.classList.toggle("cgx-broken", state === texts.broken);
  node.classList.toggle("cgx-holds", state === texts.holds);
}
