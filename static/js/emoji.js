// The emoji picker: opened by `[data-emoji]`, filled from the vendored data on first use.
// It fires `emoji-chosen` on that button. Drawn here since the strict policy allows no inline style.

const SHOWN = 240;
const panel = document.getElementById("emoji");
const grid = panel?.querySelector(".ff-emoji-grid");
const field = panel?.querySelector("input");
let known = null;
let opener = null;

// A sign that is drawn as an emoji in any case needs no U+FE0F; some networks would count it.
const NEEDLESS = /(\p{Emoji_Presentation})\ufe0f/gu;

async function load() {
  const answer = await fetch(panel.dataset.source);
  const data = await answer.json();
  known = data.map((item) => ({
    face: item.emoji.replace(NEEDLESS, "$1"),
    name: item.annotation,
    words: [item.annotation, ...(item.tags ?? []), ...(item.shortcodes ?? [])].join(" ").toLowerCase(),
  }));
}

function cell({ face, name }) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = face;
  button.title = name;
  button.setAttribute("aria-label", name);
  return button;
}

function show() {
  const wanted = field.value.trim().toLowerCase();
  const found = known.filter((item) => item.words.includes(wanted)).slice(0, SHOWN);
  grid.replaceChildren(...found.map(cell));
  panel.querySelector("[data-none]").hidden = found.length > 0;
}

async function open(button) {
  opener = button;
  field.value = "";
  panel.showModal();
  if (!known) await load();
  show();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-emoji]");
  if (button && panel) open(button);
});

field?.addEventListener("input", () => known && show());

grid?.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  panel.close();
  opener.dispatchEvent(new CustomEvent("emoji-chosen", { bubbles: true, detail: button.textContent }));
});

// Arrow keys walk the grid.
grid?.addEventListener("keydown", (event) => {
  const cells = [...grid.children];
  const across = Math.max(1, Math.floor(grid.clientWidth / cells[0].offsetWidth));
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[event.key];
  const next = step && cells[cells.indexOf(document.activeElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
