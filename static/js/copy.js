// Copies what an element holds: `data-copy` of a button names it. The page may change below the listener.

async function put(text, element) {
  // Browsers lend the clipboard to encrypted pages and this machine's own alone.
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  getSelection().selectAllChildren(element);
  if (!document.execCommand("copy")) throw new Error("The browser copies nothing.");
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const element = document.querySelector(button.dataset.copy);
  try {
    await put(element.textContent, element);
    button.querySelector("span").textContent = button.dataset.copied;
  } catch {
    getSelection().selectAllChildren(element); // one key stroke is left to the reader
  }
});
