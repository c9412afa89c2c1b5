// What somebody typed and did not save is there again, whatever happened to the page.
//
// It is kept in this tab alone (sessionStorage) and never sent anywhere. Python marks
// each field with a class of its own, and with one more while what stands there was
// changed and is not saved; where that one goes, the draft goes. What was put back is
// typed anew as far as the widgets can tell, so the form knows it as a person's change.

const FIELD = "cg-field-";
const FORM = "cg-form-";
const SEALED = "cg-sealed-";
const UNSAVED = "cg-unsaved";
const OURS = [FIELD, SEALED].map((name) => `[class*="${name}"]`).join(", ");
const EVERY = 1000;

const before = new Map(); // what stood in a field before anybody typed
const restored = new Map(); // fields that hold a draft which was put back
let all = ""; // how the drafts of this seat begin
let here = ""; // how those of this step do

const named = (element, start) =>
  [...element.classList].filter((name) => name.startsWith(start));
const idOf = (field) => (named(field, FIELD)[0] || "").slice(FIELD.length);
const isUnsaved = (field) => field.classList.contains(UNSAVED);

// --- one field -------------------------------------------------------------------------

const radios = (field) => [...field.querySelectorAll("input[type=radio]")];
const control = (field) =>
  field.querySelector("input[type=text], input[type=checkbox], textarea, select");

function read(field) {
  const choices = radios(field);
  if (choices.length) return choices.find((one) => one.checked)?.dataset.value ?? "";
  const only = control(field);
  if (!only) return undefined;
  return only.type === "checkbox" ? only.checked : only.value;
}

function type(field, value) {
  const choices = radios(field);
  const only = choices.find((one) => one.dataset.value === value) || control(field);
  if (!only || only.disabled) return false;
  if (choices.length || only.type === "checkbox") {
    if (only.checked !== (choices.length ? true : value)) only.click();
    return true;
  }
  const was = only.value;
  only.value = value;
  if (only.value !== value) {
    only.value = was; // a choice that is not offered any more
    return false;
  }
  for (const event of ["input", "change"])
    only.dispatchEvent(new Event(event, { bubbles: true }));
  return true;
}

// --- the drafts ------------------------------------------------------------------------

function held(id) {
  try {
    return JSON.parse(sessionStorage.getItem(here + id));
  } catch {
    return null;
  }
}

function keep(field) {
  const id = idOf(field);
  const value = read(field);
  const draft = held(id) || { was: before.get(id) };
  if (!id || value === undefined || draft.value === value) return;
  try {
    sessionStorage.setItem(here + id, JSON.stringify({ ...draft, value }));
  } catch {
    // a browser that keeps nothing; what is typed stays on the page
  }
}

function drop(id) {
  sessionStorage.removeItem(here + id);
  before.delete(id);
  restored.delete(id);
  tidy();
}

function sweep(goes) {
  for (const name of Object.keys(sessionStorage))
    if (name.startsWith("cg-draft:") && goes(name)) sessionStorage.removeItem(name);
}

// What the kernel put into a field makes no sound: a draft is looked after now and then.
function lookAfter() {
  for (const field of document.querySelectorAll(`.${UNSAVED}`))
    if (held(idOf(field))) keep(field);
}

// --- what stands on the page -------------------------------------------------------------

function putBack(field) {
  const id = idOf(field);
  const draft = held(id);
  const now = read(field);
  if (!draft || now === undefined || restored.get(id)?.field === field) return;
  if (draft.value === now) {
    if (!isUnsaved(field)) drop(id);
    return;
  }
  if (isUnsaved(field)) return keep(field);
  if (!type(field, draft.value)) return;
  restored.set(id, { field, now });
  tell(field, draft.was !== undefined && draft.was !== now);
}

function seen(element) {
  for (const name of named(element, SEALED))
    sweep((key) => key.startsWith(`${here}${name.slice(SEALED.length)}-`));
  if (named(element, FIELD).length) putBack(element);
}

function changed(element, oldClass) {
  // a widget gets its classes once it stands on the page
  const isNew = !(oldClass || "").includes(FIELD);
  if (isNew || named(element, SEALED).length) return seen(element);
  const was = oldClass.split(" ").includes(UNSAVED);
  if (!named(element, FIELD).length || was === isUnsaved(element)) return;
  if (was) drop(idOf(element));
  else keep(element);
}

// --- the line that says so ---------------------------------------------------------------

function placeOf(field) {
  const form = field.closest(`[class*="${FORM}"]`);
  const row = form && [...form.children].find((one) => one.matches(".cgp-buttons"));
  return row || field.parentElement;
}

function tell(field, other) {
  const place = placeOf(field);
  let line = place.querySelector(":scope > .room-draft");
  if (!line) {
    line = document.getElementById("room-draft").content.firstElementChild.cloneNode(true);
    line.querySelector("button").addEventListener("click", throwAway);
    place.append(line);
  }
  if (other) line.querySelector("[hidden]")?.removeAttribute("hidden");
}

// A line goes with the last of what it speaks of.
function tidy() {
  const told = [...restored.values()].map(({ field }) => placeOf(field));
  for (const line of document.querySelectorAll(".room-draft"))
    if (!told.includes(line.parentElement)) line.remove();
}

// Where a field cannot be emptied, the page is made again without its draft.
function throwAway(event) {
  const place = event.currentTarget.closest(".room-draft").parentElement;
  const mine = [...restored].filter(([, { field }]) => placeOf(field) === place);
  const left = mine.filter(([, { field, now }]) => !type(field, now));
  event.currentTarget.toggleAttribute("data-again", left.length > 0);
  const first = mine.length && control(mine[0][1].field);
  for (const [id] of mine) drop(id);
  if (first) first.focus();
}

// --- from the start ------------------------------------------------------------------------

const about = (event) => event.target.closest?.(`[class*="${FIELD}"]`);

function begun(event) {
  const field = about(event);
  const id = field && idOf(field);
  if (id && !isUnsaved(field) && !held(id)) before.set(id, read(field));
}

function typed(event) {
  const field = about(event);
  // a click tells of a choice before the widget has heard of it
  if (field) queueMicrotask(() => keep(field));
}

function watch(changes) {
  for (const { type: kind, target, oldValue, addedNodes } of changes) {
    if (kind === "attributes") changed(target, oldValue);
    for (const node of addedNodes) {
      if (node.nodeType !== Node.ELEMENT_NODE) continue;
      if (node.matches(OURS)) seen(node);
      node.querySelectorAll(OURS).forEach(seen);
    }
  }
}

export function start() {
  const { seat, step } = document.body.dataset;
  all = `cg-draft:${seat}:`;
  here = `${all}${step}:`;
  sweep((key) => !key.startsWith(all)); // somebody else had this tab
  new MutationObserver(watch).observe(document.body, {
    subtree: true,
    childList: true,
    attributeFilter: ["class"],
    attributeOldValue: true,
  });
  for (const event of ["focusin", "beforeinput"])
    document.addEventListener(event, begun, true);
  for (const event of ["input", "change"]) document.addEventListener(event, typed, true);
  document.querySelectorAll(OURS).forEach(seen);
  setInterval(lookAfter, EVERY);
  addEventListener("pagehide", lookAfter);
}
