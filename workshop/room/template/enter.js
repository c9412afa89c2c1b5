// Lets in whoever opened the link: its code comes in the fragment, which no server
// sees, is taken off the address, and is posted once.

const byId = (id) => document.getElementById(id);
const code = location.hash.slice(1);
const xsrf = document.querySelector('meta[name="xsrf"]').content;

async function enter() {
  if (!code) {
    // a strict cookie does not come along from another page; a request from here has it
    const known = await fetch("in", { credentials: "same-origin" });
    return known.ok ? (await known.json()).go : "";
  }
  history.replaceState(null, "", location.pathname);
  const answer = await fetch("join", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-XSRFToken": xsrf },
    credentials: "same-origin",
    body: JSON.stringify({ code }),
  });
  const said = await answer.json();
  return said.ok ? said.go : "";
}

function refuse() {
  byId("told").hidden = true;
  byId("none").hidden = false;
}

enter().then((go) => (go ? location.replace(go) : refuse()), refuse);
