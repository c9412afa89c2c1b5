// A seat that waits: who is here, and the way to the table as soon as it starts.

import { byId, follow, lines, text } from "./shared.js";

let wasBefore = false;

function show(now) {
  text(byId("you"), now.you);
  text(byId("partner"), now.partner);
  text(byId("wait"), now.wait);
  lines(byId("nudges"), now.nudges.map((nudge) => nudge.text));
  if (!now.started) {
    wasBefore = true;
    return;
  }
  const way = `step/${now.go}`;
  byId("go").setAttribute("href", way);
  byId("way").hidden = false;
  if (wasBefore) location.assign(way);
}

follow("seat/now", show);
