// A seat that waits: who is here, and the way to the table as soon as it starts.

import { showSeat, startSeat } from "./reports.js";
import { byId, follow, lines, text } from "./shared.js";

let wasBefore = false;

function show(now) {
  text(byId("you"), now.you);
  text(byId("partner"), now.partner);
  text(byId("wait"), now.wait);
  lines(byId("nudges"), now.nudges.map((nudge) => nudge.text));
  showSeat(now.reports);
  if (!now.started) {
    wasBefore = true;
    return;
  }
  const way = `step/${now.go}`;
  byId("go").setAttribute("href", way);
  byId("way").hidden = false;
  // once: asked again while the page is made, it would be made anew each second
  if (wasBefore) location.assign(way);
  wasBefore = false;
}

startSeat();
follow("seat/now", show);
