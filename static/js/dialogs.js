// Dialogs: opened by `data-dialog="ID"`, and one that asks before a form with `data-confirm` is sent.
// The page goes on changing below it, so what is sent is what was asked about, never what stands there by then.

const ask = document.getElementById("confirm");
const yes = ask?.querySelector("[value=yes]");
let asked = null;

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
});

/** Return a copy of what `form` would send now. */
function copyOf(form, submitter) {
  const copy = document.createElement("form");
  copy.method = "post";
  copy.action = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "";
  copy.hidden = true;
  for (const [name, value] of new FormData(form, submitter)) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    copy.append(field);
  }
  return copy;
}

/** Tell apart what two forms would do; the token is another one each time. */
function meaning(form) {
  const values = [...new FormData(form)].filter(([name]) => name !== "csrf_token");
  return JSON.stringify([form.action, values]);
}

/** Name the consequence. */
function show(form) {
  ask.querySelector("h2").textContent = form.dataset.confirmTitle;
  ask.querySelector("p").textContent = form.dataset.confirm;
  yes.textContent = form.dataset.confirmLabel;
}

// Captured before htmx and the browser see it.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.dataset.confirm || !ask) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    asked = { form, submitter: event.submitter, copy: copyOf(form, event.submitter) };
    show(form);
    ask.querySelector("[role=status]").textContent = "";
    yes.hidden = false;
    ask.returnValue = "no";
    ask.showModal();
  },
  { capture: true },
);

ask?.addEventListener("close", () => {
  const { form, copy } = asked ?? {};
  asked = null;
  if (ask.returnValue !== "yes" || !copy) {
    // What was chosen and then taken back must not stand there as if it held.
    if (form?.querySelector("[data-submit]")) form.reset();
    return;
  }
  document.body.append(copy);
  copy.requestSubmit();
});

/** Follow what the dialog asks about: say the newest figures, or that there is nothing left to ask. */
function follow() {
  if (!asked || !ask.open) return;
  const { form, submitter, copy } = asked;
  const same = form.isConnected && form.dataset.confirm && meaning(copyOf(form, submitter)) === meaning(copy);
  if (same) {
    show(form);
    return;
  }
  yes.hidden = true;
  ask.querySelector("[role=status]").textContent = ask.dataset.over;
  ask.querySelector("[value=no]").focus();
}

document.addEventListener("htmx:afterSettle", follow);
