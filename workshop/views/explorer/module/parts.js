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
  const stop = () => made.forEach((one) => one.stop());
  return { node: h("fieldset", {}, row, body), draw, stop };
}

const partsOf = ({ state }) =>
  Object.keys(PARTS).filter((name) => PARTS[name].there(state));

// Made when it is opened first: most readers open few of them.
function part(view, name) {
  const { texts } = view.state;
  let own = null;
  const node = h("section", { class: `cgx-part cgx-part-${name}` });
  node.setAttribute("aria-label", texts[`part_${name}`]);
  const tab = button(texts[`part_${name}`], `part-${name}`, () => view.toggle(name), "cgx-tab");
  const draw = (now, said) => {
    const open = view.isOpen(name);
    setAttribute(tab, "aria-expanded", open);
    // Closing this one takes its line away, and has to say so before.
    if (name === "person") setText(tab, open ? texts.part_person_end : texts.part_person);
    if (node.hidden === open) node.hidden = !open;
    if (!open) return;
    if (!own) node.append((own = PARTS[name].make(view)).node);
    own.draw(now, said);
  };
  return { tab, node, draw, stop: () => own?.stop?.() };
}

// What to do next: first the bar, then a mark, then one part after the other.
function hintText(view) {
  const { texts, here } = view.state;
  if (!here.length) return ""; // nobody is at the table
  if (view.act === 0 && !view.history.length && !view.opened.length) return texts.hint_drag;
  if (unmarked(view).length && !view.opened.length) return texts.hint_mark;
  const next = partsOf(view).find((name) => !view.isOpen(name));
  return next ? texts[`hint_${next}`] : texts.hint_done;
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
