// What is typed is kept in this browser too, until the server has it: `textarea[data-draft="KEY"]`.
// If a text was left behind, the note `[data-draft-note="KEY"]` offers it.

// A computer may be shared, so what one operator typed is not offered to another.
const ALL = "fanfare-draft-";
const PREFIX = `${ALL}${document.body.dataset.operator ?? ""}-`;

/** Return the text that was left behind with its moment: {text, at}. */
function stored(key) {
  let kept = null;
  try {
    kept = localStorage.getItem(PREFIX + key);
    return JSON.parse(kept);
  } catch {
    // Storage is off and the server's copy is the only one; or an older Fanfare kept the bare text.
    return kept === null ? null : { text: kept, at: null };
  }
}

function keep(key, text) {
  try {
    if (text === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, JSON.stringify({ text, at: Date.now() }));
  } catch {
    // As above.
  }
}

const STEPS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

/** Say how long ago a moment was, in the language of the page. */
function ago(at) {
  if (at === null) return "";
  const seconds = Math.max(0, Math.round((Date.now() - at) / 1000));
  const [unit, size] = STEPS.find(([, length]) => seconds >= length) ?? STEPS.at(-1);
  return new Intl.RelativeTimeFormat(document.documentElement.lang || "en").format(-Math.floor(seconds / size), unit);
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

// What is offered stays what is shown, whatever is typed and kept meanwhile.
const offered = new Map();

function offer(area) {
  const key = area.dataset.draft;
  const left = stored(key);
  if (left === null) return;
  const note = noteOf(key);
  if (left.text === area.value) keep(key, null);
  else if (note) {
    offered.set(key, left.text);
    note.querySelector("[data-draft-age]").textContent = ago(left.at);
    note.querySelector("[data-draft-text]").textContent = left.text || "\u2014";
    note.hidden = false;
  }
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

// Only a text that is still the one that was sent is safe on the server. The answer may bring new fields
// for the parts of a thread, so what is kept is compared, not what a field says.
const sent = new WeakMap();

document.addEventListener("htmx:configRequest", (event) => {
  const form = sender(event.detail.verb, event.detail.elt);
  if (form) sent.set(event.detail, new Map([...areas(form)].map((area) => [area.dataset.draft, area.value])));
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful || event.detail.xhr.status === 422) return;
  for (const [key, text] of sent.get(event.detail.requestConfig) ?? []) {
    if (stored(key)?.text === text) keep(key, null);
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
    if (stored(key)?.text === offered.get(key)) keep(key, null);
    return;
  }
  area.value = offered.get(key) ?? area.value;
  area.dispatchEvent(new Event("input", { bubbles: true }));
});

for (const area of areas(document)) offer(area);
