// *Check connection*: shows each check as it ends, then brings the page up to date.

const WAITS = "[data-checks-wait]";

/** Add the checks that are whole in `text` to the list; return what is still to come of the next one. */
function add(list, text) {
  const end = text.lastIndexOf("</li>");
  if (end < 0) return text;
  const whole = text.slice(0, end + 5);
  (list.querySelector(WAITS) ?? list).insertAdjacentHTML(list.querySelector(WAITS) ? "beforebegin" : "beforeend", whole);
  return text.slice(end + 5);
}

async function read(answer, list) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) rest = add(list, rest + part.value);
}

async function check(form, list) {
  const waiting = document.getElementById(form.dataset.checksWait).content.cloneNode(true);
  list.replaceChildren(waiting);
  const answer = await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { "X-Fanfare-Stream": "1" },
  });
  if (!answer.ok || !answer.body) throw new Error(answer.status);
  await read(answer, list);
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-checks]");
  const list = form && document.getElementById(form.dataset.checks);
  if (!list) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    await check(form, list);
    await window.htmx.ajax("GET", location.href, { target: "#main", select: "#main", swap: "morph:outerHTML" });
  } catch {
    form.submit();
  } finally {
    button.disabled = false;
  }
});
