// What can be pressed and typed: shortcuts, marks, values, and whose turn it is.

const JUMPS = ["least_cost", "best_within", "today"];

const button = (text, key, onclick, kind = "") =>
  h("button", { type: "button", class: `cgx-button ${kind}`, "data-key": key, text, onclick });

function controls(view) {
  const { texts, jumps } = view.state;
  const turn = h("strong", { class: "cgx-turn" });
  const hint = h("span", { class: "cgx-hint" });
  const undo = button(texts.undo, "undo", () => view.undo());
  const everyone = button(texts.act_on_everyone, "everyone", () => view.jump(0, 0));
  const jumping = JUMPS.filter((name) => jumps[name]).map((name) => ({
    name,
    node: button(texts[`jump_${name}`], name, () => jumpTo(view, name)),
  }));
  const marks = h("span", { class: "cgx-marks" });
  const typed = typedField(view, "act");
  const asleep = h("p", { class: "cgx-quiet cgx-asleep" });
  const notice = h("p", { class: "cgx-notice", role: "status" });
  const row = h(
    "div",
    { class: "cgx-row" },
    typed.node,
    everyone,
    undo,
    ...jumping.map(({ node }) => node),
    marks,
  );
  view.tell = (text) => setText(notice, text);
  let drawnMarks = "";
  const draw = (now) => {
    if (!head.hidden) setText(hint, hintText(view));
    undo.disabled = view.history.length === 0;
    everyone.disabled = now.act === 0 && now.ask === 0;
    typed.draw(now.act);
    const key = JSON.stringify(view.marks);
    if (key === drawnMarks) return;
    drawnMarks = key;
    drawTurn(view, { turn, marks, jumping, asleep });
  };
  const head = h("p", { class: "cgx-head" }, turn, " ", hint);
  head.hidden = !view.state.here.length;
  return { head, node: h("fieldset", { class: "cgx-controls" }, row, asleep, notice), draw };
}

// Which halves at the table have not placed a mark of their own yet.
const unmarked = (view) =>
  view.state.here.filter((role) => view.marks[role] === undefined);

function drawTurn(view, { turn, marks, jumping, asleep }) {
  const { state } = view;
  const waiting = unmarked(view);
  setText(turn, turnText(view, waiting));
  const names = waiting.map((role) => state.names[role]).join(", ");
  const alone = state.here.length === 1;
  const dozing = jumping.filter(({ name }) => name !== "today");
  for (const { node } of dozing) node.disabled = waiting.length > 0;
  const why = state.texts[alone ? "asleep_alone" : "asleep"];
  setText(asleep, waiting.length && dozing.length ? fill(why, { names }) : "");
  const focused = marks.contains(document.activeElement);
  marks.replaceChildren(
    ...state.here
      .filter((role) => role === waiting[0] || !waiting.includes(role))
      .map((role) => markButton(view, role, role === waiting[0])),
  );
  if (focused) marks.querySelector("button")?.focus();
}

function turnText(view, waiting) {
  const { texts, names, here } = view.state;
  if (!here.length) return ""; // nobody is at the table
  if (!waiting.length) return here.length === 1 ? texts.own_marked : texts.both_marked;
  const driver = names[waiting[0]];
  if (here.length === 1) return fill(texts.drives_alone, { driver });
  const other = names[here.find((role) => role !== waiting[0])];
  const swapped = waiting.length < here.length;
  return fill(swapped ? texts.swapped : texts.drives, { driver, other });
}

function markButton(view, role, first) {
  const { state } = view;
  const name = state.names[role];
  const text = fill(state.texts[first ? "mark_here" : "mark_move"], { name });
  return button(text, `mark-${role}`, () => placeMark(view, role), first ? "cgx-first" : "");
}

function placeMark(view, role) {
  const { state } = view;
  view.marks = { ...view.marks, [role]: view.act };
  view.save({ marks: view.marks });
  view.tell(fill(state.texts.marked, { name: state.names[role], cut: state.shown[view.act] }));
}

function jumpTo(view, name) {
  const { to, why_not: why } = view.state.jumps[name];
  if (!to) return view.tell(why);
  if (to[0] === view.act && to[1] === view.ask) return view.tell(view.state.texts.jumped_same);
  if (to[1] < to[0]) view.open("person");
  view.jump(...to);
}

// A value that is typed goes to the nearest cut, and says so where that is another.
function typedField(view, name) {
  const { state } = view;
  const label = state.texts[name === "act" ? "typed" : "typed_ask"];
  const input = h("input", { inputmode: "decimal", autocomplete: "off", size: 7 });
  input.dataset.key = `typed-${name}`;
  input.addEventListener("change", () => readTyped(view, name, input));
  // A notebook keeps the Enter key for itself, and no change would follow from it.
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") readTyped(view, name, input);
  });
  const draw = (place) => {
    if (document.activeElement !== input || !input.dataset.own)
      if (input.value !== state.shown[place]) input.value = state.shown[place];
  };
  input.addEventListener("input", () => (input.dataset.own = "1"));
  const node = h("label", { class: "cgx-typed" }, h("span", { text: label }), input);
  return { node, draw };
}

function readTyped(view, name, input) {
  const { state } = view;
  const typed = input.value.trim();
  delete input.dataset.own;
  const number = plainNumber(typed);
  const place = state.shown.indexOf(typed);
  if (place >= 0) view.move(name, place);
  else if (typed === "" || !Number.isFinite(number)) view.tell(state.texts.not_a_number);
  else snap(view, name, number, typed);
  view.schedule();
}

// Where the point parts groups of three, it is read so; elsewhere as a decimal sign.
function plainNumber(typed) {
  let text = typed.replace("−", "-");
  if (signs.group === "." && /^-?[1-9]\d{0,2}(\.\d{3})+(,|$)/.test(text))
    text = text.replaceAll(".", "");
  return Number(text.replace(/^([^.]*),(\d+)$/, "$1.$2"));
}

function snap(view, name, number, typed) {
  const { cuts, shown, texts } = view.state;
  const last = cuts.length - 1;
  const finite = cuts.slice(0, last).map((cut) => cut ?? -Infinity);
  const above = number > finite[last - 1];
  const place = above ? last : nearest(finite, number);
  view.move(name, place);
  const text = texts[above ? "snapped_none" : "snapped"];
  if (finite[place] !== number) view.tell(fill(text, { typed, cut: shown[place] }));
}
