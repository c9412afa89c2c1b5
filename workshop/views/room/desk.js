// The desk: shows what the room says, once a second, and asks it to act.

import { showDesk, startDesk } from "./reports.js";
import { byId, copy, follow, keyed, lines, send, text } from "./shared.js";

// --- acting -------------------------------------------------------------------------

async function act(asked) {
  const answer = await send("desk/act", asked);
  answered(answer);
  return answer.ok;
}

function answered(answer) {
  const told = byId("told");
  told.classList.toggle("cgr-wrong", !answer.ok);
  text(told, answer.said || "");
}

function sure(question) {
  const dialog = byId("sure");
  text(byId("sure-text"), question);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true });
  });
}

function to() {
  const pair = byId("to").value;
  return pair ? [Number(pair)] : [];
}

for (const button of document.querySelectorAll("[data-act]")) {
  button.addEventListener("click", () => act({ act: button.dataset.act }));
}
byId("own").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = byId("own-text");
  const typed = field.value;
  if (!typed.trim()) return;
  const sent = await act({ act: "nudge", text: typed, pairs: to() });
  // what did not arrive stays, and so does what was typed meanwhile
  if (sent && field.value === typed) field.value = "";
});
byId("reveal").addEventListener("click", async () => {
  const early = byId("reveal").dataset.early;
  if (!early || (await sure(early))) act({ act: "reveal" });
});

startDesk(sure, answered);

// --- the top ------------------------------------------------------------------------

function showClock(clock) {
  text(byId("step-left"), clock.step_left);
  text(byId("left"), clock.left);
  text(byId("state"), clock.said);
  byId("start").hidden = clock.state !== "before";
  byId("go-on").hidden = clock.state !== "paused";
  byId("pause").hidden = clock.state !== "running";
}

function makeSlot(slot) {
  const row = copy("sheet-row");
  const button = row.querySelector("button");
  button.setAttribute("aria-label", slot.label);
  button.addEventListener("click", () => act({ act: "jump", step: slot.id }));
  return row;
}

function fillSlot(row, slot) {
  const [name, from, minutes] = row.children;
  text(name, slot.name);
  text(from, slot.from);
  text(minutes, slot.minutes);
  row.classList.toggle("cgr-is-now", slot.now);
  if (slot.now) row.setAttribute("aria-current", "step");
  else row.removeAttribute("aria-current");
}

function makeNudge(nudge) {
  const button = document.createElement("button");
  button.addEventListener("click", () => act({ act: "nudge", text: nudge.id, pairs: to() }));
  return button;
}

function showReveal(reveal) {
  lines(byId("reveal-lines"), reveal.lines, "p");
  const button = byId("reveal");
  button.dataset.early = reveal.done ? "" : reveal.early;
  if (reveal.done) text(button, button.dataset.again);
}

function options(select, things) {
  const kept = select.firstElementChild;
  keyed(
    select,
    [{ id: "", name: kept.textContent }, ...things],
    (one) => one.id,
    () => document.createElement("option"),
    (option, one) => {
      option.value = one.id;
      text(option, one.name);
    },
  );
}

// --- pairs --------------------------------------------------------------------------

function makePair(pair) {
  const row = copy("pair-row");
  const cell = (name) => row.querySelector(`[data-cell="${name}"]`);
  for (const name of ["people", "step", "bets", "outcome"]) {
    cell(name).append(document.createElement("div"));
  }
  const menu = document.createElement("details");
  const summary = document.createElement("summary");
  summary.append(document.createTextNode(pair.menu));
  const halves = document.createElement("div");
  menu.append(summary, halves);
  cell("seats").append(menu);
  return row;
}

function fillPair(row, pair, people) {
  const inside = (name) => row.querySelector(`[data-cell="${name}"]`).firstElementChild;
  text(row.firstElementChild, pair.title);
  row.classList.toggle("cgr-flagged", pair.flags.length > 0 || pair.gone);
  lines(inside("people"), pair.seats.map(seated), "p");
  lines(inside("step"), [step(pair), ...pair.flags], "p");
  lines(inside("bets"), [pair.sealed, ...pair.apart], "p");
  lines(inside("outcome"), pair.outcome, "p");
  const halves = inside("seats").lastElementChild;
  keyed(
    halves,
    pair.seats,
    (seat) => seat.role,
    (seat) => makeHalf(pair, seat),
    (half, seat) => fillHalf(half, pair, seat, people),
  );
}

function step(pair) {
  return pair.time ? `${pair.step} · ${pair.time}` : pair.step;
}

function seated(seat) {
  const named = seat.people.map((one) => `${one.name}, ${one.said}`).join("; ");
  return `${seat.name}: ${named || seat.free}`;
}

function makeHalf(pair, seat) {
  const half = copy("half");
  const where = { pair: pair.pair, role: seat.role };
  const button = (name) => half.querySelector(`[data-do="${name}"]`);
  text(half.querySelector("legend"), seat.name);
  for (const name of ["add", "free", "hand_on"]) {
    button(name).setAttribute("aria-label", seat.labels[name]);
  }
  button("add").addEventListener("click", () => act({ act: "add", ...where }));
  button("free").addEventListener("click", () => act({ act: "release", ...where }));
  button("hand_on").addEventListener("click", () => {
    const select = half.querySelector("select");
    if (select.value) act({ act: "hand_on", person: select.value, ...where });
    select.value = "";
  });
  half.querySelector("select").setAttribute("aria-label", seat.labels.hand_on);
  return half;
}

function fillHalf(half, pair, seat, people) {
  half.querySelector('[data-do="free"]').hidden = seat.people.length > 0;
  half.querySelector('[data-do="add"]').hidden = seat.people.length === 0;
  options(half.querySelector("select"), people);
  keyed(
    half.querySelector(".cgr-people"),
    seat.people,
    (one) => one.id,
    (one) => makePerson(pair, seat, one),
    (line, one) => text(line.firstElementChild, one.name),
  );
}

function makePerson(pair, seat, person) {
  const line = copy("person");
  const button = line.querySelector("button");
  button.setAttribute("aria-label", person.label);
  button.addEventListener("click", async () => {
    if (!(await sure(person.sure))) return;
    act({ act: "release", pair: pair.pair, role: seat.role, person: person.id });
  });
  return line;
}

// --- all of it ----------------------------------------------------------------------

function show(now) {
  showClock(now.clock);
  showReveal(now.reveal);
  showDesk(now.reports);
  keyed(byId("sheet"), now.sheet, (slot) => slot.id, makeSlot, fillSlot);
  keyed(
    byId("nudges"),
    now.nudges,
    (nudge) => nudge.id,
    makeNudge,
    (button, nudge) => text(button, nudge.text),
  );
  lines(byId("counts"), now.counts);
  options(byId("to"), now.pairs.map((pair) => ({ id: pair.pair, name: pair.title })));
  keyed(
    byId("pairs"),
    now.pairs,
    (pair) => pair.pair,
    makePair,
    (row, pair) => fillPair(row, pair, now.people),
  );
}

// --- not for the wall ---------------------------------------------------------------

const filling = matchMedia("(display-mode: fullscreen)");
let allowed = false;

function warn() {
  const full = filling.matches || document.fullscreenElement !== null;
  if (!full) allowed = false;
  const covered = full && !allowed;
  byId("full").hidden = !covered;
  document.querySelector("main").inert = covered;
  if (covered) byId("full-anyway").focus();
}

byId("full-anyway").addEventListener("click", () => {
  allowed = true;
  warn();
});
filling.addEventListener("change", warn);
document.addEventListener("fullscreenchange", warn);
warn();
follow("desk/now", show);
