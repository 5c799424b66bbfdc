// The keyboard: / searches, n writes, g and a letter goes somewhere, ? shows the list.
// Speech and unsteady hands press single letters unmeant, so the list turns them off (WCAG 2.1.4).

const KEPT = "fanfare-single-keys";
const choice = document.querySelector("[data-single-keys]");
let going = false;

/** Whether single letters act in this browser. */
function acting() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true; // storage is off, so nobody could have turned them off
  }
}

choice?.addEventListener("change", () => {
  try {
    localStorage.setItem(KEPT, choice.checked ? "on" : "off");
  } catch {
    choice.checked = true;
  }
});

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
  if (!acting()) return;
  const other = event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented;
  if (other || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (going) goTo(event.key);
  going = event.key === "g" && !going;
  const act = KEYS[event.key];
  if (!act || going) return;
  event.preventDefault();
  act();
});

if (choice) choice.checked = acting();
for (const button of document.querySelectorAll("[data-dialog=keys]")) button.hidden = false;
