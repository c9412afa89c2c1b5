// Money and minutes a week, on one scale with what anybody could do without a model.

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
      return [worthText(state, worth, value)];
    }),
  );
}
