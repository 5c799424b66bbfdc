// The button that sends waits until every warning is accepted; without scripts the server says so.

function wait() {
  const button = document.querySelector("#send button[data-waits]");
  if (button) button.disabled = true;
}

wait();
document.addEventListener("htmx:afterSettle", wait);
