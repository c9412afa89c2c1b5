// Sits down with a code. A link's code comes in the fragment, which no server sees and
// which is taken off the address before anything is sent.

import { byId, lost, meta, send, text } from "./shared.js";

const LINK_LETTERS = 20;
const AGAIN_AFTER = 3000;

function fromLink() {
  let code = location.hash.slice(1);
  if (code) history.replaceState(null, "", location.pathname);
  try {
    code = decodeURIComponent(code);
  } catch {
    code = "";
  }
  return code.slice(0, 80);
}

function letters(code) {
  return code.replace(/[^0-9A-Za-z]/g, "").length;
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** A link is for the desk or for watching: there is nothing to type. */
function showLink() {
  byId("lead").hidden = true;
  byId("lead-link").hidden = false;
  for (const id of ["code-field", "name-field"]) byId(id).hidden = true;
  text(byId("go"), meta("text-come-in"));
}

function wrong(id) {
  byId(id).setAttribute("aria-invalid", "true");
  byId(id).focus();
}

async function claim(code, name) {
  let answer = await send("join", { code, name });
  while (answer.again || answer.status === 429 || answer.status === 0) {
    await pause(AGAIN_AFTER);
    answer = await send("join", { code, name });
  }
  lost(false);
  return answer;
}

async function submit(event) {
  event.preventDefault();
  const code = linked || byId("code").value;
  const name = byId("name").value.trim();
  for (const id of ["code", "name"]) byId(id).removeAttribute("aria-invalid");
  if (!linked && !code.trim()) return wrong("code");
  if (!linked && !name) return wrong("name");
  byId("go").disabled = true;
  byId("busy").hidden = false;
  text(byId("told"), "");
  const answer = await claim(code, name);
  if (answer.ok) {
    location.replace(answer.go);
    return;
  }
  byId("go").disabled = false;
  byId("busy").hidden = true;
  text(byId("told"), answer.said);
  if (!linked) byId("code").focus();
}

const given = fromLink();
const linked = letters(given) >= LINK_LETTERS ? given : "";
if (linked) showLink();
else if (given) byId("code").value = given;
// A link pasted while this page is open changes no more than the fragment.
addEventListener("hashchange", () => location.reload());
byId("join").addEventListener("submit", submit);
(linked ? byId("go") : byId(given ? "name" : "code")).focus();
