// What makes pages quicker. Every page works without it.
"use strict";

// A part of a page that the server draws again while something is typed or chosen:
//   <form data-refresh="/address" data-into="id"> asks the address for the part with the form's fields, and puts it into #id.
for (const form of document.querySelectorAll("form[data-refresh]")) {
  let waiting = 0;
  let asked = 0;
  const refresh = async () => {
    const mine = ++asked;
    const fields = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(form.dataset.refresh, { method: "POST", body: fields, headers: { "X-Part": "1" } });
      const part = await answer.text();
      if (mine === asked && answer.ok) document.getElementById(form.dataset.into).innerHTML = part;
    } catch {
      // Offline for a moment: what stands on the page stays; sending the form tells.
    }
  };
  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-quiet]")) return;
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 150);
  });
}

// A form that is sent once, however often its button is pressed.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 4000);
  });
}

// Keys: [data-key="x"] is pressed or followed by that letter, while nothing is being typed.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const typing = event.target.closest("input, select, textarea");
  if (typing && event.key !== "Escape") return;
  if (event.key === "Escape") {
    event.target.blur();
    return;
  }
  const rows = [...document.querySelectorAll("[data-row]")];
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  if (rows.length > 0 && (event.key === "j" || event.key === "k")) {
    const next = rows[Math.min(Math.max(here + (event.key === "j" ? 1 : -1), 0), rows.length - 1)];
    (next.querySelector("a, button") || next).focus();
    event.preventDefault();
    return;
  }
  // A row's keys work only while it has the focus: none may ever act on a row that nobody looks at.
  const selector = `[data-key="${CSS.escape(event.key)}"]`;
  const outside = (of) => !of.closest("[data-row]");
  const target =
    (here >= 0 && rows[here].querySelector(selector)) || [...document.querySelectorAll(selector)].find(outside);
  if (target) {
    event.preventDefault();
    if (target.matches("input, select, textarea")) target.focus();
    else target.click();
  }
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
