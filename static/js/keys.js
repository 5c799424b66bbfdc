// The keyboard: / searches, n writes, g and a letter goes somewhere, ? shows the list.

let going = false;

function typing(target) {
  return target.isContentEditable || target.matches("input, textarea, select");
}

/** Follow the entry of the menu that names this letter. */
function goTo(letter) {
  [...document.querySelectorAll(".ff-nav a[data-key]")].find((link) => link.dataset.key === letter)?.click();
}

const KEYS = {
  "/": () => document.getElementById("search")?.focus(),
  n: () => document.getElementById("new-delivery")?.click(),
  "?": () => document.getElementById("keys")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  const other = event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented;
  if (other || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (going) goTo(event.key);
  going = event.key === "g" && !going;
  const act = KEYS[event.key];
  if (!act || going) return;
  event.preventDefault();
  act();
});

for (const button of document.querySelectorAll("[data-dialog=keys]")) button.hidden = false;
