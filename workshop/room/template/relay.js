// Between the pages of one pair: what the driver's explorer does, the others' do too.
// Alone, each page only says at which point the others look. The explorer is spoken with
// by events; no sentence stands here, and nothing that comes is ever read as HTML.

const EVERY = { drive: 16, alone: 400 }; // milliseconds between two messages
const AGAIN = [500, 1000, 2000, 4000]; // milliseconds until the line is tried once more
const SEAT_ENDED = 4001;
const QUIET = 1500; // milliseconds at rest, after which points are read out

const place = document.getElementById("room-relay");
const says = JSON.parse(place.dataset.says);
const part = (name) => place.querySelector(`[data-part="${name}"]`);
const ways = Object.fromEntries(
  [...place.querySelectorAll("[data-way]")].map((button) => [button.dataset.way, button]),
);
const now = { way: null, at: null, own: null, points: new Map(), lost: false };
let line = null;
let tries = 0;
let welcomed = false;
const known = new WeakSet();

const explorers = () => document.querySelectorAll(".cgx");
const isLed = () => now.way?.way === "drive" && !now.way.yours;
const fill = (text, given) => text.replace(/\{(\w+)\}/g, (_, name) => given[name] ?? "");

function tell(name, detail) {
  for (const root of explorers()) root.dispatchEvent(new CustomEvent(name, { detail }));
}

// --- the line to the others ---------------------------------------------------------

function connect() {
  const address = new URL("../relay", import.meta.url);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  address.search = new URLSearchParams({ step: document.body.dataset.step });
  line = new WebSocket(address);
  line.onmessage = ({ data }) => heard(JSON.parse(data));
  line.onclose = ({ code }) => {
    if (code === SEAT_ENDED) return; // the page says so by itself
    now.lost = welcomed;
    now.points.clear();
    draw();
    setTimeout(connect, AGAIN[Math.min(tries++, AGAIN.length - 1)]);
  };
}

function send(message) {
  if (line?.readyState !== WebSocket.OPEN) return;
  line.send(JSON.stringify(message));
}

function heard(message) {
  const { do: kind, at, id } = message;
  if (kind === "hello") hello(message, at);
  else if (kind === "way") changed(message);
  else if (kind === "at") moved(message);
  else if (kind === "point") now.points.set(id, message);
  forget();
  draw();
}

// Who drives and comes back to a line that was cut is ahead of what others know.
function hello(message, at) {
  const isBack = welcomed && message.yours && now.own;
  Object.assign(now, { way: message, at: isBack ? null : at, lost: false });
  welcomed = true;
  tries = 0;
  for (const root of explorers()) settle(root);
  if (!now.at) push();
}

function changed(message) {
  const { way, yours, by, by_you: mine } = message;
  const was = now.way;
  now.way = message;
  if (was && was.way === way && was.yours === yours && was.driver === message.driver) return;
  now.at = null;
  now.points.clear();
  for (const root of explorers()) settle(root);
  push();
  if (mine) return say(way === "alone" ? says.each_alone : says.now_yours);
  if (way === "drive" && !yours) say(fill(says.took_over, { name: message.driver }));
  if (way === "alone" && by) say(fill(says.went_alone, { name: by }));
}

function moved({ act, ask, opened, of }) {
  if (now.way?.way !== "drive") return;
  now.at = { act, ask, opened, of };
  tell("cg:move", now.at);
}

// Points of people who are not on this page are no news.
function forget() {
  const here = new Set(now.way?.others.filter((one) => one.here).map(({ id }) => id));
  for (const id of now.points.keys()) if (!here.has(id)) now.points.delete(id);
}

// --- what stands here ---------------------------------------------------------------

function settle(root) {
  root.dispatchEvent(new CustomEvent("cg:lead", { detail: { led: isLed() } }));
  if (now.way?.way === "drive" && now.at)
    root.dispatchEvent(new CustomEvent("cg:move", { detail: now.at }));
}

document.addEventListener("cg:moved", ({ target, detail }) => {
  now.own = detail;
  if (!known.has(target)) {
    known.add(target);
    settle(target);
  } else if (detail.own && !isLed()) {
    now.at = null; // a hand here is newer than what was known
    push();
  }
  draw();
});

let last = 0;
let waiting = 0;

// The newest is sent, a little later if need be, and none that came before it.
function push() {
  if (waiting || !now.way || isLed() || !now.own) return;
  const pause = EVERY[now.way.way === "drive" ? "drive" : "alone"];
  const later = last + pause - performance.now();
  if (later > 0 || line.bufferedAmount > 0)
    waiting = setTimeout(() => ((waiting = 0), push()), Math.max(later, pause));
  else {
    last = performance.now();
    const { act, ask, opened, of } = now.own;
    if (!isLed()) send({ do: "at", act, ask, opened, of });
  }
}

// Whoever is led and saves must save what is seen, and not where the own line stood.
document.addEventListener(
  "click",
  ({ target }) => {
    if (isLed() && target.closest?.(".cgp-panel button") && !target.closest(".cgx"))
      tell("cg:settle");
  },
  true,
);

for (const [way, button] of Object.entries(ways))
  button.addEventListener("click", () => send({ do: "choose", way }));

// --- what is said -------------------------------------------------------------------

let announced = "";
let timer = 0;

function say(text) {
  part("heard").textContent = text;
}

function set(node, text) {
  if (node.textContent !== text) node.textContent = text;
  if (node.hidden === Boolean(text)) node.hidden = !text;
}

function draw() {
  const others = now.way?.others ?? [];
  const shown = explorers().length > 0 && others.length > 0;
  place.hidden = !shown;
  if (!shown) return;
  place.dataset.now = isLed() ? "led" : now.way.way;
  set(part("said"), said(others));
  set(part("points"), points(others));
  different();
  offer();
  lock();
  readOut();
}

// What is so already is not offered; whoever pressed it keeps a place on the page.
function offer() {
  const { way, yours } = now.way;
  const held = Object.values(ways).includes(document.activeElement);
  ways.drive.hidden = way === "drive" && yours;
  ways.alone.hidden = way === "alone";
  ways.drive.textContent = way === "ask" ? says.drive : says.drive_now;
  for (const button of Object.values(ways)) button.disabled = now.lost;
  if (held && document.activeElement.hidden)
    Object.values(ways).find((button) => !button.hidden)?.focus({ preventScroll: true });
}

function said(others) {
  const names = listed(others);
  if (now.lost) return fill(says.lost, { names });
  const many = others.length > 1 ? "_many" : "";
  const { way, yours, driver, driver_here: here } = now.way;
  if (way === "ask") return says[`ask${many}`];
  if (way === "alone") return says.each_alone;
  if (!yours) return fill(here ? says.drives : says.drives_away, { name: driver });
  const some = others.some((one) => one.here);
  return fill(says[`you_drive${some ? "" : "_nobody"}${many}`], { names });
}

const listed = (people) => people.map(({ name }) => name).join(", ");

function points(others) {
  if (now.way.way === "drive" || now.lost || !now.own) return "";
  const here = others.filter((one) => one.here);
  const absent = others.filter((one) => !one.here);
  const found = here.map(({ id }) => now.points.get(id)).filter(Boolean);
  const is = ({ act, ask }) => act === now.own.act && ask === now.own.ask;
  const gone = fill(says[absent.length > 1 ? "nobody_many" : "nobody"], {
    names: listed(absent),
  });
  const told = [now.way.way === "ask" ? says.ask_yet : ""];
  if (found.length && found.every(is))
    told.push(fill(says.same, { names: listed(found), cut: point(now.own) }));
  else {
    const mine = fill(says.you_look, { cut: point(now.own) });
    const theirs = found.map((one) => fill(says.looks, { name: one.name, cut: point(one) }));
    told.push(`${[mine, ...theirs].join("; ")}.`);
  }
  if (absent.length) told.push(gone);
  return told.filter(Boolean).join(" ");
}

function point({ act, ask }) {
  return ask === act ? name(act) : fill(says.with_person, { cut: name(act), ask: name(ask) });
}

function name(cut) {
  if (cut === "all" || cut === "none") return says[`at_${cut}`];
  const detail = { cut };
  explorers()[0].dispatchEvent(new CustomEvent("cg:name", { detail }));
  return detail.said ?? "";
}

let differs = 0;

// Said once it has lasted: what was saved comes to one page before the other.
function different() {
  const { own, at, points: all } = now;
  const led = isLed() && at && own && (["act", "ask", "of"].some((key) => at[key] !== own[key]));
  const apart = [...all.values()].some(({ of }) => own && of !== own.of);
  if (!led && !apart) {
    clearTimeout(differs);
    differs = 0;
    set(part("numbers"), "");
  } else if (!differs)
    differs = setTimeout(() => set(part("numbers"), says.other_numbers), QUIET);
}

// What a form says of the own line is of no use while another one is shown.
function lock() {
  document.body.classList.toggle("room-led", isLed());
  for (const where of document.querySelectorAll(".cgp-where")) {
    const after = where.nextElementSibling;
    const note = after?.matches(".room-locks") ? after : document.createElement("p");
    note.className = "room-locks";
    if (note !== after) where.after(note);
    set(note, isLed() ? fill(says.locks_shown, { name: now.way.driver }) : "");
  }
}

// Two points are read out once both have come to rest.
function readOut() {
  const text = part("points").textContent;
  if (text === announced) return;
  announced = text;
  clearTimeout(timer);
  timer = setTimeout(() => text && say(text), QUIET);
}

// Notes of the page stay above the strip, and never over it.
const notes = document.getElementById("room-notes");
new ResizeObserver(() => (place.style.top = `${notes.offsetHeight}px`)).observe(notes);

connect();
for (const root of explorers()) settle(root);
