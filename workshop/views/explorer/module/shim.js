// In place of a kernel's model, where there is none: values that live as long as the
// page does.

function pageModel(values) {
  const listeners = new Map();
  return {
    get: (name) => values[name],
    set(name, value) {
      values[name] = value;
      for (const tell of listeners.get(`change:${name}`) ?? []) tell();
    },
    on(event, tell) {
      if (!listeners.has(event)) listeners.set(event, new Set());
      listeners.get(event).add(tell);
    },
    off: (event, tell) => listeners.get(event)?.delete(tell),
    save_changes() {},
  };
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Columns of numbers as `packed.py` has written them.
function unpacked(_, packed) {
  if (typeof packed?.vlq !== "string") return packed;
  const { vlq, by = 1, steps, ends } = packed;
  const values = [];
  let [at, bits, room] = [0, 0, 1];
  for (const letter of vlq) {
    const six = LETTERS.indexOf(letter);
    bits += (six % 32) * room;
    room *= 32;
    if (six < 0) values.push(null);
    else if (six < 32) {
      const value = bits % 2 ? (1 - bits) / 2 : bits / 2;
      values.push((at = steps ? at + value : value) / by);
    } else continue;
    [bits, room] = [0, 1];
  }
  if (!ends) return values;
  return [ends[0], ...values.map((value) => String(value).replace("-", "−")), ends[1]];
}

function wake(host, model) {
  host.hidden = false;
  try {
    render({ model, el: host.querySelector(".cgx-live") });
  } catch (error) {
    console.error(error);
    host.hidden = true;
  }
}

// In slices, once the page is painted and there is nothing else to do.
const idle = globalThis.requestIdleCallback ?? ((then) => setTimeout(then, 50));
for (const host of document.querySelectorAll(".cgx-host"))
  idle(() => {
    const values = JSON.parse(host.querySelector("script").textContent, unpacked);
    idle(() => wake(host, pageModel(values)));
  });
