// The editor: a real textarea over a copy of its text that paints fields and links; insertion at the caret.

const PIECES = /(\{[^{}\n]+\})|(https?:\/\/[^\s]+)/g;

/** Fill `mirror` with the text, fields in a mark, links underlined; nodes only, never markup. */
function paint(text, mirror) {
  const nodes = [];
  let done = 0;
  for (const found of text.matchAll(PIECES)) {
    nodes.push(text.slice(done, found.index));
    const node = document.createElement(found[1] ? "mark" : "u");
    node.textContent = found[0];
    nodes.push(node);
    done = found.index + found[0].length;
  }
  // A last line break needs something after it to have a height.
  nodes.push(`${text.slice(done)}\u200b`);
  mirror.replaceChildren(...nodes);
}

function prepare(area) {
  const frame = area.parentElement;
  if (frame.classList.contains("ff-mirrored")) return;
  const mirror = document.createElement("div");
  mirror.className = "ff-mirror";
  mirror.setAttribute("aria-hidden", "true");
  frame.prepend(mirror);
  frame.classList.add("ff-mirrored");
  paint(area.value, mirror);
  // Until the operator sets the caret, what is inserted goes to the end.
  if (document.activeElement !== area) area.setSelectionRange(area.value.length, area.value.length);
}

function prepareAll(root = document) {
  for (const area of root.querySelectorAll("textarea[data-text]")) prepare(area);
}

/** Put `text` at the caret as if it was typed, so that undo, painting and saving all follow. */
function insert(area, text) {
  area.focus();
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", (event) => {
  const mirror = event.target.matches("textarea[data-text]") && event.target.parentElement.querySelector(".ff-mirror");
  if (mirror) paint(event.target.value, mirror);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  const area = button?.closest("[data-editor]")?.querySelector("textarea[data-text]");
  if (!area) return;
  insert(area, button.dataset.insert);
  button.closest("details")?.removeAttribute("open");
});

/** Choose a moment that is offered, `data-at="2026-12-01T09:00"`, as if it was typed. */
document.addEventListener("click", (event) => {
  const offered = event.target.closest("[data-at]");
  const fields = offered?.closest("fieldset");
  if (!fields) return;
  const [day, clock] = offered.dataset.at.split("T");
  fields.querySelector('[name="begin"][value="at"]').checked = true;
  fields.querySelector('[name="day"]').value = day;
  const last = fields.querySelector('[name="clock"]');
  last.value = clock;
  last.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("emoji-chosen", (event) => {
  const area = event.target.closest("[data-editor]")?.querySelector("textarea[data-text]");
  if (area) insert(area, event.detail);
});

prepareAll();
document.addEventListener("htmx:afterSettle", () => prepareAll());
