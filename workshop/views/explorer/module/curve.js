// Precision against recall, with its band, and the ground that limits forbid.

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
  curve.picture.style.maxWidth = `${wide}px`;
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
      .map(({ recall }, i) => ({ recall, precision: fine(band[name][i]) }))
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
