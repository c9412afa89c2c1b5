// What a pair can read or take along: a link as soon as there is one. In a room also, on
// the first step, whether names may stand in its report. Text is only ever set as text.

const FIRST = "00";

let asking = false;

function element(tag, name, text = "") {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.textContent = text;
  return made;
}

// --- what can be read ------------------------------------------------------------------

function links(told) {
  let place = document.getElementById("room-reports");
  if (!place) {
    place = element("p", "room-reports");
    place.id = "room-reports";
    place.setAttribute("role", "status");
    document.getElementById("room-notes").after(place);
  }
  const now = JSON.stringify(told.links);
  if (place.dataset.now === now) return;
  place.dataset.now = now;
  place.replaceChildren(
    ...told.links.map((link) => {
      const one = element("a", "", link.text);
      one.href = `../${link.href}`;
      if (link.file) one.download = "";
      else Object.assign(one, { target: "_blank", rel: "noopener" });
      return one;
    }),
  );
}

// --- what is allowed -------------------------------------------------------------------

function makeBox(told) {
  const box = element("div", "room-allows");
  box.id = "room-allows";
  const label = element("label", "");
  const tick = element("input", "");
  tick.type = "checkbox";
  label.append(tick, element("span", "", told.question));
  const help = element("p", "room-allows-help", told.help);
  help.id = "room-allows-help";
  tick.setAttribute("aria-describedby", help.id);
  const says = element("p", "room-allows-says");
  says.setAttribute("role", "status");
  box.append(label, help, says);
  tick.addEventListener("change", () => send(tick));
  document.querySelector(".room-ways").before(box);
  return box;
}

function question(told) {
  if (!told.question || document.body.dataset.step !== FIRST) return;
  const box = document.getElementById("room-allows") || makeBox(told);
  const says = box.querySelector(".room-allows-says");
  if (says.textContent !== told.says) says.textContent = told.says;
  if (!asking) box.querySelector("input").checked = told.allowed;
}

function token() {
  const found = document.cookie.match(/(?:^|; )_xsrf=([^;]*)/);
  return found ? decodeURIComponent(found[1].replace(/^"|"$/g, "")) : "";
}

async function send(tick) {
  asking = true;
  try {
    const answer = await fetch("../seat/allows", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-XSRFToken": token() },
      credentials: "same-origin",
      body: JSON.stringify({ yes: tick.checked }),
    });
    asking = false;
    if (answer.ok) show(await answer.json());
    else tick.checked = !tick.checked;
  } catch {
    tick.checked = !tick.checked;
  } finally {
    asking = false;
  }
}

function show(told) {
  links(told);
  question(told);
}

export function start() {
  document.addEventListener("room:told", (event) => {
    if (event.detail.reports) show(event.detail.reports);
  });
}
