// A page that changes by itself changes nothing of what somebody is doing on it.

const rules = window.Idiomorph.defaults.callbacks;
const FIELDS = "input, textarea, select";

function chosen(select) {
  const options = [...select.options];
  const first = select.multiple || options.some((option) => option.defaultSelected) ? -1 : 0;
  return options.some((option, at) => option.selected !== (option.defaultSelected || at === first));
}

/** Tell whether somebody typed, ticked or chose something here that the server does not know yet. */
function touched(field) {
  if (field.localName === "select") return chosen(field);
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  return field.value !== field.defaultValue;
}

// An open dialog is left alone whole: without its `open` it would vanish, and the page below stay dead.
rules.beforeNodeMorphed = (node) => {
  if (!(node instanceof Element)) return true;
  if (node.matches("dialog[open]")) return false;
  return !(node.matches(FIELDS) && touched(node));
};

// What is open or closed, a person opened or closed.
rules.beforeAttributeUpdated = (name, node) => !(name === "open" && node.matches("details, dialog"));

/** Close the dialogs in what is about to leave the page. */
function close(node) {
  if (!(node instanceof Element)) return;
  if (node.matches("dialog[open]")) node.close();
  for (const dialog of node.querySelectorAll("dialog[open]")) dialog.close();
}

rules.beforeNodeRemoved = (node) => {
  close(node);
  return true;
};

// A swap that is no morph makes everything anew.
document.addEventListener("htmx:beforeSwap", (event) => {
  const style = event.detail.requestConfig?.elt?.closest?.("[hx-swap]")?.getAttribute("hx-swap") ?? "";
  if (event.detail.shouldSwap && !style.startsWith("morph")) close(event.detail.target);
});
