// A form that is on its way is not sent once more: impatience is no second wish.
// The window hears of it last, when whoever sends a form in another way has said so.

const PATIENCE = 5000;
const sent = new WeakMap();

addEventListener("submit", (event) => {
  const form = event.target;
  // What htmx and the composer send themselves, they also keep in order.
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  const last = sent.get(form);
  if (last?.by === event.submitter && Date.now() - last.at < PATIENCE) event.preventDefault();
  else sent.set(form, { by: event.submitter, at: Date.now() });
});
