// A session that ended: the page says so, keeps what was typed, and goes on once somebody logged in again.

const LOST = 401;
const AGAIN = 2000;
// What was asked of the server a moment ago tells that the session lives.
const SURE = 60000;
const note = document.getElementById("lost");
const mine = document.body.dataset.operator;
let waiting = null;
let answered = Date.now();

/** Ask who is logged in; nothing, when the server does not answer. */
async function ask() {
  try {
    const answer = await fetch(note.dataset.session, { headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** A session has a token of its own, which every form and request carries from now on. */
function renew(token) {
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
}

function back(token) {
  clearInterval(waiting);
  waiting = null;
  answered = Date.now();
  note.hidden = true;
  renew(token);
  document.dispatchEvent(new Event("session-back"));
}

function taken() {
  clearInterval(waiting);
  note.querySelector("div").textContent = note.dataset.other;
}

async function look() {
  const known = await ask();
  if (!known || known.operator === null) return;
  if (String(known.operator) === mine) back(known.token);
  else taken();
}

function lost() {
  if (waiting !== null) return;
  note.hidden = false;
  waiting = setInterval(look, AGAIN);
}

/** Find out whether the session lives; the forms get the token of the one that does. */
async function check() {
  const known = await ask();
  if (!known) return true;
  answered = Date.now();
  if (String(known.operator) === mine) {
    renew(known.token);
    return true;
  }
  lost();
  return false;
}

function begin() {
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === LOST) lost();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) answered = Date.now();
  });

  // A form that leaves the page would take what was typed along, so the session is looked at before.
  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      const plain = form.getAttribute("method") === "post" && !form.hasAttribute("hx-post");
      if (!plain || (waiting === null && Date.now() - answered < SURE)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (await check()) form.requestSubmit(event.submitter);
    },
    { capture: true },
  );

  // Back in a page that was left, its token may be that of a session before.
  addEventListener("pageshow", (event) => {
    const [entry] = performance.getEntriesByType("navigation");
    if (event.persisted || entry?.type === "back_forward") check();
  });
}

if (note) begin();
