// The explorer itself: one view of a model, drawn once a frame.

const AT_REST = 250; // milliseconds without a move, after which a line rests
const SYNCED = ["act", "ask"];

class View {
  constructor(model, root) {
    this.model = model;
    this.root = root;
    this.history = [];
    this.dragging = "";
    this.frame = 0;
    this.timer = 0;
    this.led = false;
    this.given = null;
    this.told = "";
    listenToPage(this);
    this.read();
    this.build();
  }

  // Take over what the model holds, within what the state allows.
  read() {
    this.state = this.model.get("state");
    speak(this.state);
    if (this.state.lang) this.root.lang = this.state.lang;
    const last = this.state.cuts.length - 1;
    this.act = clamp(this.model.get("act") ?? 0, 0, last);
    this.ask = clamp(this.model.get("ask") ?? this.act, 0, this.act);
    this.marks = { ...this.model.get("marks") };
    this.opened = [...(this.model.get("opened") ?? [])];
    this.roles = Object.keys(this.state.names);
    takeGiven(this);
    if (this.ask < this.act && !this.isOpen("person")) this.opened.push("person");
  }

  build() {
    const key = document.activeElement?.dataset?.key;
    const held = this.root.contains(document.activeElement) ? key : "";
    const unfolded = [...this.root.querySelectorAll("details[open]")].map((d) => d.dataset.key);
    this.stop();
    this.line = caseLine(this);
    this.controls = controls(this);
    this.people = peoplePicture(this);
    this.says = sentenceBlock(this);
    this.parts = parts(this);
    this.root.setAttribute("aria-label", this.state.texts.title);
    const middle = h("div", { class: "cgx-middle" }, this.people.node, this.says.node);
    this.root.replaceChildren(
      this.controls.head,
      this.line.node,
      this.controls.node,
      middle,
      this.parts.node,
    );
    this.draw();
    const find = (name) => this.root.querySelector(`[data-key="${name}"]`);
    for (const name of unfolded) if (find(name)) find(name).open = true;
    if (held) find(held)?.focus({ preventScroll: true });
  }

  // --- drawing: at most once a frame, and only what has changed ---

  schedule() {
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  // Lay-outs call this: what they made is drawn with the next frame.
  again() {
    if (this.drawn) this.schedule();
  }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.drawn = true;
    const now = measure(this.state, this.act, this.ask);
    const said = readout(this.state, this.act, this.ask);
    for (const one of [this.line, this.controls, this.people, this.says, this.parts])
      one.draw(now, said);
    drawLed(this);
  }

  // --- moving ---

  // Bring one line to a cut; `more` makes it part of the move before.
  move(name, place, { more = false } = {}) {
    const to = clamp(place, 0, name === "ask" ? this.act : this.state.cuts.length - 1);
    const ask = name === "ask" ? to : this.askAfter(to);
    const act = name === "ask" ? this.act : to;
    return this.place(act, ask, more);
  }

  // Where nobody is asked, the lower line goes along with the upper one.
  askAfter(act) {
    return this.ask === this.act ? act : Math.min(this.ask, act);
  }

  jump(act, ask) {
    return this.place(act, ask, false);
  }

  place(act, ask, more) {
    if (this.led || (act === this.act && ask === this.ask)) return false;
    if (!more) this.history.push([this.act, this.ask]);
    this.tell("");
    this.stand(act, ask);
    return true;
  }

  undo() {
    const before = this.led ? null : this.history.pop();
    if (before) this.stand(...before);
  }

  stand(act, ask) {
    [this.act, this.ask] = [act, ask];
    this.given = null;
    this.root.classList.add("cgx-moved");
    this.schedule();
    this.saveSoon();
  }

  // --- parts ---

  isOpen(name) {
    return this.opened.includes(name);
  }

  open(name) {
    if (!this.isOpen(name)) this.toggle(name);
  }

  toggle(name) {
    if (this.led) return;
    const open = this.isOpen(name);
    this.opened = open ? this.opened.filter((one) => one !== name) : [...this.opened, name];
    this.given = null;
    if (name === "person" && open) this.place(this.act, this.act, false);
    this.save({ opened: this.opened });
  }

  // --- the model: told a few times a second, and never waited for ---

  // Only once the line rests: what a save brings back would take frames from the drag.
  saveSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.saveNow(), AT_REST);
  }

  // Whoever leaves the explorer to lock the line must lock it where it stands. Under
  // other numbers that still wait for the hand, its place would be another score's.
  saveNow() {
    if (this.timer && !this.waiting) this.save();
  }

  save(values = {}) {
    clearTimeout(this.timer);
    this.timer = 0;
    const all = { act: this.act, ask: this.ask, ...values };
    this.saving = true;
    for (const [name, value] of Object.entries(all)) this.model.set(name, value);
    this.saving = false;
    this.model.save_changes();
    this.schedule();
  }

  // The handle was let go: the last place is saved, and news that waited is taken over.
  dropped() {
    if (this.waiting) this.renew();
    else this.save();
  }

  // Somebody else moved a line, placed a mark or opened a part.
  follow(name) {
    const moves = SYNCED.includes(name);
    if (this.saving || (moves && (this.dragging || this.timer))) return;
    const { state, act, ask } = this;
    this.read();
    this.state = state;
    // What was moved here and not told yet is newer than what the model holds.
    if (!moves) [this.act, this.ask] = [act, ask];
    this.schedule();
  }

  // Other numbers: drawn anew where the line stands, but not under somebody's hand.
  renew() {
    if (this.dragging) {
      this.waiting = true;
      return;
    }
    this.waiting = false;
    const { state, act, ask, timer: untold } = this;
    this.read();
    // A move that was not told yet is newer than what came with the numbers.
    if (untold) [this.act, this.ask] = [act, ask].map((at) => sameScore(state, at, this.state));
    if (JSON.stringify(this.state.cuts) !== JSON.stringify(state.cuts)) this.history = [];
    this.build();
    if (untold) this.save();
  }

  stop() {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.frame = this.timer = 0;
    this.drawn = false;
    for (const one of [this.line, this.says, this.parts]) one?.stop();
  }
}

// Where a cut's score stands among other cuts; both ends stay ends.
function sameScore(before, place, state) {
  if (place === 0) return 0;
  if (place === before.cuts.length - 1) return state.cuts.length - 1;
  return placeOfScore(state, before.cuts[place]);
}

function placeOfScore({ cuts }, score) {
  const last = cuts.length - 1;
  const finite = cuts.slice(0, last).map((cut) => cut ?? -Infinity);
  const found = finite.findIndex((cut) => cut >= score);
  return found < 0 ? last : found;
}

function render({ model, el }) {
  const root = h("div", { class: "cgx", role: "region" });
  // A notebook's own shortcuts would take the arrow keys away from the handles.
  root.setAttribute("data-lm-suppress-shortcuts", "true");
  el.append(root);
  const view = new View(model, root);
  const tells = { "change:state": () => view.renew() };
  for (const name of [...SYNCED, "marks", "opened"])
    tells[`change:${name}`] = () => view.follow(name);
  for (const [event, tell] of Object.entries(tells)) model.on(event, tell);
  root.addEventListener("focusout", () => view.saveNow());
  return () => {
    for (const [event, tell] of Object.entries(tells)) model.off(event, tell);
    const untold = view.timer;
    view.stop();
    root.remove();
    if (untold && !view.waiting) view.save();
  };
}

// As the default alone: a second way out would make the notebook complain of it.
export default { render };
