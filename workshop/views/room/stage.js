// The wall: which step it is, how long still, how many have sealed; dots at the end.

import { showDots } from "./dots.js";
import { byId, follow, lines, meta, text } from "./shared.js";

function show(now) {
  const before = now.clock.state === "before";
  const over = now.clock.state === "over";
  document.body.dataset.state = now.clock.state;
  text(byId("state"), before ? "" : now.clock.said);
  text(byId("step"), before || over ? "" : now.step.number);
  text(byId("name"), name(now, before, over));
  text(byId("task"), before || over ? "" : now.step.task);
  text(byId("step-left"), now.clock.step_left);
  text(byId("left"), now.clock.left);
  lines(byId("counts"), now.counts);
  text(byId("nudge"), now.nudge);
  byId("dots").hidden = !now.dots;
  document.body.classList.toggle("cgr-revealed", Boolean(now.dots));
  if (now.dots) {
    text(byId("dots-note"), now.dots.note);
    showDots(byId("questions"), now.dots);
  }
}

function name(now, before, over) {
  if (before) return meta("text-before");
  return over ? meta("text-over") : now.step.name;
}

follow("stage/now", show);
