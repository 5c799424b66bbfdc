// Dialogs: opened by `data-dialog="ID"`, and one that asks before a form with `data-confirm` is sent.

const ask = document.getElementById("confirm");

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
});

/** Name the consequence; resolve to true when the operator wants it. */
function wanted(form) {
  ask.querySelector("h2").textContent = form.dataset.confirmTitle;
  ask.querySelector("p").textContent = form.dataset.confirm;
  ask.querySelector("[value=yes]").textContent = form.dataset.confirmLabel;
  ask.returnValue = "no";
  ask.showModal();
  return new Promise((settle) => {
    ask.addEventListener("close", () => settle(ask.returnValue === "yes"), { once: true });
  });
}

// Captured before htmx and the browser see it, so both kinds of forms wait for the answer.
document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (!form.dataset.confirm || !ask) return;
    if (form.dataset.confirmed) {
      delete form.dataset.confirmed;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await wanted(form)) {
      form.dataset.confirmed = "yes";
      form.requestSubmit(event.submitter);
    }
  },
  { capture: true },
);
