// What is typed is kept in this browser too, until the server has it: `textarea[data-draft="KEY"]`.
// If a text was left behind, the note `[data-draft-note="KEY"]` offers it.

// A computer may be shared, so what one operator typed is not offered to another.
const ALL = "fanfare-draft-";
const PREFIX = `${ALL}${document.body.dataset.operator ?? ""}-`;

function stored(key) {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null; // storage is off; the server's copy is the only one
  }
}

function keep(key, text) {
  try {
    if (text === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, text);
  } catch {
    // As above.
  }
}

/** Forget every text: whoever logs out leaves nothing on this computer. */
function forgetAll() {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(ALL)) localStorage.removeItem(key);
    }
  } catch {
    // As above.
  }
}

document.addEventListener("submit", (event) => {
  if (event.target.matches('form[action$="/logout"]')) forgetAll();
});

function noteOf(key) {
  return document.querySelector(`[data-draft-note="${CSS.escape(key)}"]`);
}

function offer(area) {
  const key = area.dataset.draft;
  const left = stored(key);
  if (left === null) return;
  if (left === area.value) keep(key, null);
  else noteOf(key)?.removeAttribute("hidden");
}

function areas(root) {
  return root.querySelectorAll("textarea[data-draft]");
}

document.addEventListener("input", (event) => {
  if (event.target.matches("textarea[data-draft]")) keep(event.target.dataset.draft, event.target.value);
});

/** The form that is sent; what only asks, from within a form, sends none of it. */
function sender(verb, elt) {
  return verb === "get" ? null : elt.closest("form");
}

// Only a text that is still the one that was sent is safe on the server.
document.addEventListener("htmx:configRequest", (event) => {
  const form = sender(event.detail.verb, event.detail.elt);
  for (const area of form ? areas(form) : []) area.dataset.sent = area.value;
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful || event.detail.xhr.status === 422) return;
  const form = sender(event.detail.requestConfig.verb, event.detail.elt);
  for (const area of form ? areas(form) : []) {
    if (area.dataset.sent === area.value) keep(area.dataset.draft, null);
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-draft-use], [data-draft-drop]");
  const note = button?.closest("[data-draft-note]");
  if (!note) return;
  const key = note.dataset.draftNote;
  const area = document.querySelector(`textarea[data-draft="${CSS.escape(key)}"]`);
  note.hidden = true;
  if (button.matches("[data-draft-drop]")) {
    keep(key, null);
    return;
  }
  area.value = stored(key);
  area.dispatchEvent(new Event("input", { bubbles: true }));
});

for (const area of areas(document)) offer(area);
