// Prints the page: a button with `data-print`, which stands there for browsers with scripts alone.

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
