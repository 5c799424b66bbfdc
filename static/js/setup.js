// The token of the first run stands in the address behind #, which no server hears of.

const field = document.querySelector("[data-from-address]");

function take() {
  const told = decodeURIComponent(location.hash.slice(1));
  if (!field || !told) return;
  field.value = told;
  // Nobody who looks over a shoulder, or into the history, finds it there.
  history.replaceState(null, "", location.pathname + location.search);
  [...field.form.querySelectorAll("input:not([type=hidden])")].find((one) => !one.value)?.focus();
}

take();
// A link that is pasted where this page is open already changes only what stands behind #.
addEventListener("hashchange", take);
