// A handle that mouse, touch and keyboard move, one cut or many at a time.

function handle(view, name) {
  const label = view.state.texts[name === "act" ? "handle" : "handle_ask"];
  const bar = svg("rect", { class: "cgx-bar", x: -3, width: 6, rx: 3 });
  const hit = svg("rect", { class: "cgx-hit", x: -22, width: 44 });
  const pill = svg("rect", { class: "cgx-pill", height: 26, rx: 13 });
  const text = svg("text", { class: "cgx-score", "text-anchor": "middle" });
  const tag = svg("g", { class: "cgx-tag" }, pill, text);
  const grip = svg(
    "g",
    { class: "cgx-grip" },
    svg("circle", { r: 15 }),
    svg("path", { d: "M-4 -5l-5 5l5 5M4 -5l5 5l-5 5" }),
  );
  const node = svg(
    "g",
    {
      class: `cgx-handle cgx-handle-${name}`,
      "data-key": `handle-${name}`,
      role: "slider",
      tabindex: 0,
      "aria-label": label,
      "aria-orientation": "horizontal",
      "aria-valuemin": 0,
    },
    hit,
    bar,
    grip,
    tag,
  );
  const own = { node, bar, hit, pill, text, tag, grip };
  own.layOut = (top, floor) => layOutHandle(own, name, top, floor);
  own.draw = (...drawn) => drawHandle(own, ...drawn);
  listenToHandle(view, own, name);
  return own;
}

// Where both stand at one cut, the upper half is the upper line's and the lower half
// the lower line's, so that either can be taken.
function layOutHandle({ bar, hit, grip, tag }, name, top, floor) {
  const from = name === "act" ? 0 : top + 41;
  setAttribute(bar, "y", Math.max(from, top - 8));
  setAttribute(bar, "height", floor + 8 - Math.max(from, top - 8));
  setAttribute(hit, "y", from);
  setAttribute(hit, "height", floor + 26 - from);
  setAttribute(grip, "transform", `translate(0 ${top + (name === "act" ? 24 : 60)})`);
  tag.dataset.y = name === "act" ? 2 : floor + 1;
}

function drawHandle(own, x, text, spoken, place, most, width) {
  setAttribute(own.node, "transform", `translate(${px(x)} 0)`);
  const wide = 22 + 8.2 * text.length;
  const lean = clamp(0, wide / 2 + 1 - x, width - wide / 2 - 1 - x);
  setAttribute(own.tag, "transform", `translate(${px(lean)} ${own.tag.dataset.y})`);
  setAttribute(own.pill, "x", px(-wide / 2));
  setAttribute(own.pill, "width", px(wide));
  setAttribute(own.text, "y", 18);
  setText(own.text, text);
  setAttribute(own.node, "aria-valuenow", place);
  setAttribute(own.node, "aria-valuemax", most);
  setAttribute(own.node, "aria-valuetext", spoken);
}

function placeUnder(line, event) {
  const box = line.picture.getBoundingClientRect();
  const x = (event.clientX - box.left) * (line.width / box.width);
  return nearest(line.places, x);
}

function listenToHandle(view, own, name) {
  const { node } = own;
  let moved = false;
  const drag = (event) => {
    if (view.dragging !== name) return;
    const place = placeUnder(view.line, event);
    moved = view.move(name, place, { more: moved }) || moved;
  };
  const drop = () => {
    if (view.dragging !== name) return;
    view.dragging = "";
    node.classList.remove("cgx-held");
    view.dropped();
  };
  node.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    node.focus({ preventScroll: true });
    node.setPointerCapture(event.pointerId);
    node.classList.add("cgx-held");
    view.dragging = name;
    moved = false;
  });
  node.addEventListener("pointermove", drag);
  node.addEventListener("pointerup", drop);
  node.addEventListener("pointercancel", drop);
  node.addEventListener("lostpointercapture", drop);
  node.addEventListener("click", (event) => event.stopPropagation());
  node.addEventListener("keydown", (event) => onKey(view, name, event));
}

const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
const PAGES = { PageUp: 10, PageDown: -10 };

function onKey(view, name, event) {
  const undo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
  const step = (KEYS[event.key] ?? 0) * (event.shiftKey ? 10 : 1) || PAGES[event.key];
  const ends = { Home: 0, End: view.state.cuts.length - 1 };
  if (undo) view.undo();
  else if (step) view.move(name, view[name] + step, { more: event.repeat });
  else if (event.key in ends) view.move(name, ends[event.key]);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

// A tap beside the bar brings it there.
function tapLine(view, line, event) {
  const place = placeUnder(line, event);
  const far = (name) => Math.abs(view[name] - place);
  const name = view.isOpen("person") && far("ask") < far("act") ? "ask" : "act";
  view.move(name, place);
}
