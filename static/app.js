// What every page needs: menus that close, the theme, words when the server does not answer.

const toast = document.getElementById("toast");

/** Say a sentence; while a dialog is open the page below it is out of reach, so it is said inside. */
function say(sentence) {
  toast.textContent = sentence;
  toast.hidden = false;
  const inside = document.querySelector("dialog[open] [role=status]");
  if (inside) inside.textContent = sentence;
}

/** Show the sentence of an error page or fragment; the form it came from stays as it is. */
function sayError(answer) {
  const page = new DOMParser().parseFromString(answer, "text/html");
  const sentence = page.querySelector("[data-message], .ff-empty p")?.textContent.trim();
  say(sentence || toast.dataset.offline);
}

// Whoever is logged out is told so by session.js.
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status !== 401) sayError(event.detail.xhr.responseText);
});
document.addEventListener("htmx:sendError", () => say(toast.dataset.offline));
document.addEventListener("htmx:afterOnLoad", () => (toast.hidden = true));
toast.addEventListener("click", () => (toast.hidden = true));

// Menus: one open at a time, closed by a click elsewhere or Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.ff-menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.ff-menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// The theme changes at once; the server keeps the choice.
function showTheme(form, chosen) {
  const [icon, label, next] = JSON.parse(form.dataset.themes)[chosen];
  const button = form.querySelector("button");
  document.documentElement.dataset.bsTheme = chosen;
  button.value = next;
  const words = button.querySelector("span");
  if (words) words.textContent = label;
  else button.setAttribute("aria-label", label);
  const use = button.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${icon}`));
}

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form[data-themes]");
  if (form && event.detail.successful) showTheme(form, form.querySelector("button").value);
});

// On a phone a row of tabs may be longer than the screen: the one that is open comes into view.
for (const open of document.querySelectorAll(".ff-tabs > [aria-current], .ff-subnav [aria-current]")) {
  const row = open.closest("nav");
  const [tab, whole] = [open.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += tab.left - whole.left - (whole.width - tab.width) / 2;
}

// A select or box with `data-submit` sends its form as soon as it changes.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

// What only works with JavaScript is hidden until here; what stands in for it leaves.
for (const element of document.querySelectorAll("[data-with-js]")) element.hidden = false;
for (const element of document.querySelectorAll("[data-without-js]")) element.hidden = true;
document.addEventListener("htmx:load", (event) => {
  for (const element of event.detail.elt.querySelectorAll?.("[data-with-js]") ?? []) element.hidden = false;
  for (const element of event.detail.elt.querySelectorAll?.("[data-without-js]") ?? []) element.hidden = true;
});
