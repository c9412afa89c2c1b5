// The reports at the end: the desk has them written and reads them; a seat finds its own
// and says whether names may stand in the room's.

import { byId, keyed, lines, send, text } from "./shared.js";

function fillLinks(list, links) {
  keyed(
    list,
    links,
    (link) => link.href,
    () => {
      const item = document.createElement("li");
      item.append(document.createElement("a"));
      return item;
    },
    (item, link) => {
      const one = item.firstElementChild;
      one.setAttribute("href", link.href);
      if (link.file) one.download = "";
      else Object.assign(one, { target: "_blank", rel: "noopener" });
      text(one, link.text);
    },
  );
}

// --- the desk -----------------------------------------------------------------------

/** `ask` puts a question before something is done; `say` shows what came of it. */
export function startDesk(ask, say) {
  byId("write").addEventListener("click", async () => {
    let answer = await send("desk/reports", { sure: false });
    if (answer.ask) {
      if (!(await ask(answer.ask))) return;
      answer = await send("desk/reports", { sure: true });
    }
    say(answer);
  });
}

export function showDesk(reports) {
  const button = byId("write");
  text(button, reports.button);
  button.disabled = reports.busy;
  lines(byId("report-lines"), reports.lines, "p");
  fillLinks(byId("report-links"), reports.links);
}

// --- a seat that waits ----------------------------------------------------------------

let asking = false;

export function startSeat() {
  const tick = byId("allows");
  tick.addEventListener("change", async () => {
    asking = true;
    const answer = await send("seat/allows", { yes: tick.checked });
    asking = false;
    if (answer.links) showSeat(answer);
    else tick.checked = !tick.checked;
  });
}

export function showSeat(reports) {
  fillLinks(byId("reports"), reports.links);
  text(byId("allows-says"), reports.says);
  if (!asking) byId("allows").checked = reports.allowed;
}
