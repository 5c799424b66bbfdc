// The keyboard: / searches, n writes, g and a letter goes somewhere, ? shows the list.

const PLACES = { h: 0, d: "deliveries", a: "visitors", s: "services", w: "workflows" };
let going = false;

function typing(target) {
  return target.isContentEditable || target.matches("input, textarea, select");
}

function goTo(letter) {
  const place = PLACES[letter];
  if (place === undefined) return;
  const path = place === 0 ? "/" : `/${place}`;
  [...document.querySelectorAll(".ff-nav a")].find((link) => link.pathname === path)?.click();
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
