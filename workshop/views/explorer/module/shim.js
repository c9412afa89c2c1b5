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

function wake(host) {
  const model = pageModel(JSON.parse(host.querySelector("script").textContent));
  host.hidden = false;
  try {
    render({ model, el: host.querySelector(".cgx-live") });
    return true;
  } catch (error) {
    console.error(error);
    host.hidden = true;
    return false;
  }
}

if ([...document.querySelectorAll(".cgx-host")].map(wake).every(Boolean))
  document.documentElement.classList.add("cgx-on");
