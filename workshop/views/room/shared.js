// What the room's pages share: asking, sending, and putting text where it belongs.
// Text is only ever set as text: nothing that came from the room becomes HTML.

export const byId = (id) => document.getElementById(id);

export function meta(name) {
  const found = document.querySelector(`meta[name="${name}"]`);
  return found ? found.content : "";
}

/** Set text and keep quiet where it stands already, for those who listen. */
export function text(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

export function copy(id) {
  return byId(id).content.firstElementChild.cloneNode(true);
}

export async function send(address, body) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-XSRFToken": meta("xsrf") },
      credentials: "same-origin",
      body: JSON.stringify(body),
    });
    const said = await answer.json().catch(() => ({ ok: false, said: "" }));
    return { ...said, status: answer.status };
  } catch {
    lost(true);
    return { ok: false, said: "", status: 0 };
  }
}

export function lost(is) {
  byId("lost").hidden = !is;
}

/** Ask again and again; one answer is shown before the next is asked for. */
export function follow(address, show, seconds = 1) {
  async function once() {
    try {
      const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" });
      if (answer.status === 401 || answer.status === 403) {
        location.replace("join");
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.json());
      lost(false);
    } catch {
      lost(true);
    }
    setTimeout(once, seconds * 1000);
  }
  once();
}

/**
 * Keep a list of elements in step with a list of things, each known by a key, so that
 * what has the focus stays where it is.
 */
export function keyed(parent, things, key, make, fill) {
  const held = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let before = null;
  for (const thing of things) {
    const name = String(key(thing));
    let element = held.get(name);
    held.delete(name);
    if (!element) {
      element = make(thing);
      element.dataset.key = name;
    }
    const place = before ? before.nextElementSibling : parent.firstElementChild;
    if (place !== element) parent.insertBefore(element, place);
    fill(element, thing);
    before = element;
  }
  for (const gone of held.values()) gone.remove();
}

/** A list of lines, each set as text. */
export function lines(parent, said, tag = "li") {
  keyed(
    parent,
    said.map((line, place) => ({ line, place })),
    (one) => one.place,
    () => document.createElement(tag),
    (element, one) => text(element, one.line),
  );
}
