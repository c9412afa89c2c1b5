// Led from another page: in a room one of a pair moves the line, and the others see it.
// The page around says so by events on the explorer, and is told where it stands by one;
// what comes is held against what is there, and anything unknown is let go.

// A line by its score, which means the same on every page; its ends have none.
function scoreAt({ cuts }, place) {
  if (place === 0) return "all";
  return place === cuts.length - 1 ? "none" : cuts[place];
}

function placeAt(state, score) {
  if (score === "all") return 0;
  if (score === "none") return state.cuts.length - 1;
  return Number.isFinite(score) ? placeOfScore(state, score) : null;
}

// A mark of the numbers that are drawn; two pages with another one show other curves.
const marksOfStates = new WeakMap();

function markOf(state) {
  if (!marksOfStates.has(state)) {
    const { dots, counts, limits, money, minutes, per_week: week } = state;
    const rows = [counts.positives, counts.negatives, counts.deff, week];
    const dotted = [dots.across, dots.up, dots.positive];
    let mark = 2166136261;
    for (const letter of JSON.stringify([rows, dotted, limits, money, minutes]))
      mark = Math.imul(mark ^ letter.codePointAt(0), 16777619) >>> 0;
    marksOfStates.set(state, mark.toString(16));
  }
  return marksOfStates.get(state);
}

function heed(view, said) {
  const [act, ask] = [said?.act, said?.ask].map((score) => placeAt(view.state, score));
  if (act === null || ask === null || !Array.isArray(said.opened)) return;
  if (view.dragging && !view.led) return;
  const opened = partsOf(view).filter((name) => said.opened.includes(name));
  view.given = { act: said.act, ask: said.ask, opened };
  takeGiven(view);
  view.root.classList.add("cgx-moved");
  view.schedule();
}

function takeGiven(view) {
  const { given, state } = view;
  if (!given) return;
  view.act = placeAt(state, given.act);
  view.ask = Math.min(placeAt(state, given.ask), view.act);
  view.opened = [...given.opened];
}

// Once led, nothing here moves by hand; let go, the line stays where it is seen.
function lead(view, said) {
  const led = said?.led === true;
  view.root.classList.add("cgx-paired");
  view.told = "";
  if (led && !view.led) {
    view.dragging = "";
    if (view.waiting) view.renew();
    else view.saveNow();
    view.tell("");
    view.history.push([view.act, view.ask]);
  }
  const freed = view.led && !led;
  view.led = led;
  if (freed) {
    view.given = null;
    view.save({ opened: view.opened });
  }
  view.schedule();
}

function drawLed(view) {
  view.root.classList.toggle("cgx-led", view.led);
  for (const { node } of [view.controls, view.parts]) node.disabled = view.led;
  for (const { node } of [view.line.act, view.line.ask]) {
    if (view.led) node.classList.remove("cgx-held");
    setAttribute(node, "aria-disabled", view.led);
  }
  announce(view);
}

// Told once for each place, and by whose hand it came there.
function announce(view) {
  if (!view.root.isConnected) return;
  const { state } = view;
  const [act, ask] = [view.act, view.ask].map((place) => scoreAt(state, place));
  const detail = { act, ask, opened: view.opened, of: markOf(state), own: !view.given };
  const told = JSON.stringify(detail);
  if (told === view.told) return;
  view.told = told;
  view.root.dispatchEvent(new CustomEvent("cg:moved", { bubbles: true, detail }));
}

// What a score is called here; asked and answered at once.
function nameCut({ state }, asked) {
  const place = placeAt(state, asked?.cut);
  if (place !== null) asked.said = state.shown[place];
}

function listenToPage(view) {
  const heard = {
    "cg:move": (said) => heed(view, said),
    "cg:lead": (said) => lead(view, said),
    "cg:name": (asked) => nameCut(view, asked),
    // somebody presses a button elsewhere: it has to be about what is seen
    "cg:settle": () => (view.led ? view.save() : view.saveNow()),
  };
  for (const [name, take] of Object.entries(heard))
    view.root.addEventListener(name, (event) => take(event.detail));
}
