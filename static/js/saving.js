// The composer saves by itself; this says in words how that stands, and lets no text be left behind.

const RETRY = 4000;
const TICK = 5000;
const form = document.getElementById("compose");
const words = form ? JSON.parse(form.dataset.saving) : {};
let dirty = false;
let savedAt = null;

function say(sentence) {
  const place = document.getElementById("saved");
  if (place) place.textContent = sentence;
}

/** Tell how long ago the last save was, while nothing new is typed. */
function age() {
  if (dirty || savedAt === null) return;
  const seconds = Math.round((performance.now() - savedAt) / 1000);
  const text = seconds < 60 ? words.seconds.replace("#", seconds) : words.minutes.replace("#", Math.floor(seconds / 60));
  if (seconds > 1) say(text);
}

function tryAgain() {
  setTimeout(() => dirty && window.htmx.trigger(form, "save"), RETRY);
}

function begin() {
  setInterval(age, TICK);

  form.addEventListener("input", () => {
    dirty = true;
    say(words.unsaved);
  });

  form.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target !== form) return;
    dirty = false;
    say(words.saving);
  });

  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== form) return;
    if (event.detail.successful && event.detail.xhr.status !== 422) savedAt = performance.now();
    else savedAt = null;
    if (dirty) say(words.unsaved);
  });

  for (const name of ["htmx:sendError", "htmx:responseError"]) {
    form.addEventListener(name, (event) => {
      if (event.target !== form) return;
      dirty = true;
      say(words.failed);
      if (name === "htmx:sendError") tryAgain();
    });
  }

  // A save under way comes first, or the two would look like two editors.
  form.addEventListener("submit", (event) => {
    if (!form.classList.contains("htmx-request")) return;
    event.preventDefault();
    form.addEventListener("htmx:afterSettle", () => form.requestSubmit(event.submitter), { once: true });
  });

  // Going to another step takes what is not saved yet along.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-step]");
    if (!link || !(dirty || form.classList.contains("htmx-request"))) return;
    event.preventDefault();
    const go = Object.assign(document.createElement("input"), { type: "hidden", name: "go", value: link.dataset.step });
    form.append(go);
    form.requestSubmit();
  });
}

if (form) begin();
