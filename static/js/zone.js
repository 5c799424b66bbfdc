// The time zone of this browser: filled in where somebody arrives, `data-zone="fill"`, or offered, `data-zone="offer"`.

/** Return a zone by the name this browser gives it, so that two names of one zone are the same. */
function plain(zone) {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return zone; // the server says what is wrong with it
  }
}

/** Put the zone into the field; what the server does not know is left to the operator. */
function prepare(place, here) {
  const field = place.querySelector("input");
  const known = [...field.list.options].some((option) => option.value === here);
  if (!known || plain(field.value) === here) return;
  if (place.dataset.zone === "fill") field.value = here;
  else offer(place.querySelector("[data-zone-offer]"), field, here);
}

function offer(note, field, here) {
  const sentence = note.querySelector("span");
  sentence.textContent = sentence.textContent.replace("ZONE", here);
  note.hidden = false;
  note.querySelector("button").addEventListener("click", () => {
    // The rest of the form may not be ready, so it is filled in and not sent.
    field.value = here;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    note.hidden = true;
    field.focus();
  });
}

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const place of document.querySelectorAll("[data-zone]")) prepare(place, here);
