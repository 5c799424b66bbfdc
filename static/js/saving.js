// The composer saves by itself; this says in words how that stands, and lets no text be left behind.

const RETRY = 4000;
const TICK = 5000;
const SAVED = 200;
const REFUSED = 422;
const LOST = 401;
const BROKEN = 500;
const form = document.getElementById("compose");
const words = form ? JSON.parse(form.dataset.saving) : {};
let dirty = false;
let saving = false;
let savedAt = null;
let waiting = null;

/** Show a sentence; what only counts seconds is not read aloud. */
function say(sentence, live = "polite") {
  const place = document.getElementById("saved");
  if (!place) return;
  place.setAttribute("aria-live", live);
  place.textContent = sentence;
}

/** Tell how long ago the last save was, while nothing new is typed. */
function age() {
  if (dirty || savedAt === null || document.querySelector("#saved[data-unfinished]")) return;
  const seconds = Math.round((performance.now() - savedAt) / 1000);
  const text = seconds < 60 ? words.seconds.replace("#", seconds) : words.minutes.replace("#", Math.floor(seconds / 60));
  if (seconds > 1) say(text, "off");
}

function save() {
  window.htmx.trigger(form, "save");
}

/** Do something as soon as all is saved; never, when it cannot be saved. */
function saveFirst(action) {
  waiting = action;
  if (!saving) save();
}

function kept() {
  savedAt = performance.now();
  if (dirty) say(words.unsaved);
  const action = waiting;
  if (!action) return;
  if (dirty) {
    save();
    return;
  }
  waiting = null;
  action();
}

function failed(status) {
  dirty = true;
  savedAt = waiting = null;
  // What was refused, the answer itself says beside the field.
  if (status === REFUSED) return;
  const down = status === 0 || status >= BROKEN;
  say(status === LOST ? words.lost : down ? words.failed : words.refused);
  if (down) setTimeout(() => dirty && save(), RETRY);
}

function begin() {
  setInterval(age, TICK);

  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-unsaved]")) return;
    dirty = true;
    say(words.unsaved);
  });

  form.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target !== form) return;
    dirty = false;
    saving = true;
    say(words.saving);
  });

  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== form) return;
    const status = event.detail.xhr.status;
    saving = false;
    if (status === SAVED) kept();
    else failed(status);
  });

  // A save comes first, or the two would look like two editors; writing over another's text is the save.
  form.addEventListener("submit", (event) => {
    const by = event.submitter;
    if (by?.name === "over" || !(dirty || saving)) return;
    event.preventDefault();
    saveFirst(() => form.requestSubmit(by));
  });

  document.addEventListener("session-back", () => dirty && save());

  // Going to another step takes what is not saved yet along.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-step]");
    if (!link || !(dirty || saving)) return;
    event.preventDefault();
    saveFirst(() => location.assign(link.href));
  });
}

if (form) begin();
