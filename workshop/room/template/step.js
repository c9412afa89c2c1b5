// A step's page: it says how far the making is, asks for its kernel, and comes back by
// itself when the kernel or the server was gone. Loaded before the page's body.

"use strict";

(() => {
  const EVERY = 2000;
  const SOON = 500; // while nobody answers
  const PATIENCE = 5000;
  const LEAVES_WITHIN = 30_000; // a busy room takes its time for the next page
  const byId = (id) => document.getElementById(id);
  const show = (id, is) => {
    const note = byId(id);
    if (note && note.hidden === is) note.hidden = !is;
  };

  // --- while the page is being made -------------------------------------------------

  window.voila_heartbeat = () => {};
  window.update_loading_text = (cell, count) => {
    const bar = byId("room-progress");
    if (bar && count) {
      bar.max = count;
      bar.value = cell;
    }
  };
  window.voila_process = window.update_loading_text;
  window.display_cells = () => {
    if (!window.themeLoaded) {
      window.cellLoaded = true;
      return;
    }
    const wait = byId("loading");
    if (wait) wait.remove();
    byId("rendered_cells").style.display = "";
  };
  window.voila_finish = window.display_cells;

  // --- is my kernel there? ----------------------------------------------------------

  const step = () => document.body.dataset.step;
  let stumbles = 0;
  let nudge = 0;
  let stopped = false;
  let leftAt = -Infinity;

  // Whoever goes on gives the kernel back; to ask for it again would call them back.
  addEventListener("beforeunload", () => (leftAt = performance.now()));
  const isLeaving = () => performance.now() - leftAt < LEAVES_WITHIN;

  function kernel() {
    const held = byId("jupyter-config-data");
    return held ? JSON.parse(held.textContent).kernelId : "";
  }

  async function ask(id) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      return await fetch(`../here/${id}?step=${step()}`, {
        credentials: "same-origin",
        cache: "no-store",
        signal: stop.signal,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  // A page that is loaded from a server which is not there would be lost: asked first.
  async function again() {
    try {
      const answer = await fetch("../in", { credentials: "same-origin", cache: "no-store" });
      if (answer.ok || answer.status === 403) {
        stopped = true;
        location.reload();
        return;
      }
    } catch {
      // as below
    }
    show("room-gone", true);
    if (!kernel()) setTimeout(again, SOON);
  }

  function redraw(bar) {
    const place = byId("room-bar");
    if (!bar || !place || place.dataset.bar === bar) return;
    if (place.contains(document.activeElement)) return;
    const open = place.querySelector("details");
    const was = Boolean(open && open.open);
    place.innerHTML = bar;
    place.dataset.bar = bar;
    const now = place.querySelector("details");
    if (now) now.open = was;
  }

  function told(nudges) {
    const last = (nudges || []).at(-1);
    if (!last || last.id <= nudge) return;
    nudge = last.id;
    byId("room-nudge").querySelector("span").textContent = last.text;
    show("room-nudge", true);
  }

  function heard(now) {
    if (now.kernel === "gone") return isLeaving() ? undefined : again();
    if (now.kernel === "at rest") {
      stopped = true;
      return show("room-rest", true);
    }
    if (now.stumbles > stumbles) show("room-stumbled", true);
    stumbles = now.stumbles;
    redraw(now.bar);
    told(now.nudges);
    document.dispatchEvent(new CustomEvent("room:told", { detail: now }));
  }

  async function once(id) {
    try {
      const answer = await ask(id);
      if (answer.status === 403) {
        stopped = true;
        show("room-ended", true);
      } else if (answer.ok) {
        heard(await answer.json());
        show("room-gone", false);
      } else {
        show("room-gone", true);
      }
    } catch {
      show("room-gone", true);
    }
    if (!stopped) setTimeout(once, byId("room-gone").hidden ? EVERY : SOON, id);
  }

  // --- a slider's handle is called what the slider is called --------------------------

  // The widgets' library names the slider beside the handle, where no reader looks.
  function nameHandles() {
    for (const handle of document.querySelectorAll(".noUi-handle:not([aria-label])")) {
      const label = handle.closest(".widget-slider")?.querySelector(".widget-label");
      if (label?.textContent) handle.setAttribute("aria-label", label.textContent);
    }
  }

  // --- notes can be closed, and the page opened again ---------------------------------

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-again], [data-close]");
    if (!button) return;
    if (button.hasAttribute("data-again")) again();
    else button.parentElement.hidden = true;
  });

  document.addEventListener("DOMContentLoaded", () => {
    import("./drafts.js").then((drafts) => drafts.start());
    import("./closing.js").then((closing) => closing.start());
    const drawn = new MutationObserver(nameHandles);
    drawn.observe(byId("rendered_cells") ?? document.body, { childList: true, subtree: true });
    const id = kernel();
    // a page that was cut off while it was made is made again
    if (id) setTimeout(once, EVERY, id);
    else setTimeout(again, EVERY);
  });
})();
