// A form that the server refused begins where it is to be mended, not at the top of the page.

const FIELDS = "input:not([type=hidden]), select, textarea";

/** Return the first field that is marked as wrong, or that stands with a sentence about it. */
function firstWrong() {
  const mark = document.querySelector("main :is([aria-invalid=true], .form-err)");
  if (!mark || mark.matches(FIELDS)) return mark;
  return mark.closest(".ff-field, fieldset")?.querySelector(FIELDS) ?? mark;
}

/** Bring it into sight, and the keyboard to it; a fold that hides it is opened. */
function goTo(place) {
  for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  place.scrollIntoView({ block: "center" });
  if (!place.matches(FIELDS)) place.tabIndex = -1;
  place.focus({ preventScroll: true });
}

if ("answersPost" in document.body.dataset) {
  const place = firstWrong() ?? document.querySelector("main [role=alert]");
  if (place) goTo(place);
}
