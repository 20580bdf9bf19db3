// What makes pages quicker. Every page works without it.
"use strict";

// A part of a page that the server draws again while something is typed or chosen:
//   <form data-refresh="/address" data-into="id id"> asks the address with the form's fields, and puts each #id of the answer into #id of the page,
//   or the whole answer into the only one. What is [data-quiet] changes nothing there.
for (const form of document.querySelectorAll("form[data-refresh]")) {
  let waiting = 0;
  let asked = 0;
  const refresh = async () => {
    const mine = ++asked;
    const fields = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(form.dataset.refresh, { method: "POST", body: fields, headers: { "X-Part": "1" } });
      const part = document.createElement("template");
      part.innerHTML = await answer.text();
      if (mine !== asked || !answer.ok) return;
      for (const id of form.dataset.into.split(" ")) {
        const place = document.getElementById(id);
        const focused = place.contains(document.activeElement) && document.activeElement.id;
        place.innerHTML = (part.content.getElementById(id) || part).innerHTML;
        setButtons(place);
        if (focused) document.getElementById(focused)?.focus();
      }
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

// <button data-set="field field"> empties fields of its form at once, where without a script the server would.
function setButtons(within) {
  for (const button of within.querySelectorAll("button[data-set]")) {
    // Not the one that Enter presses.
    button.type = "button";
    button.addEventListener("click", () => {
      const { elements } = button.form;
      for (const name of button.dataset.set.split(" ")) elements[name].value = "";
      elements[button.dataset.set.split(" ")[0]].dispatchEvent(new Event("input", { bubbles: true }));
      button.form.querySelector("button.main")?.focus();
    });
  }
}
setButtons(document);

// A field whose words are looked up while they are typed, after the pattern "combobox with listbox" of the ARIA authoring practices:
//   <div data-combobox="/address" data-with="field" data-then="id"> holds the input, its ul[role=listbox], a [data-status] for those who listen, and two
//   hidden fields: [data-chosen] for the value, [data-chosen-words] for the words that it was chosen by. data-with is sent along; data-then is
//   focused once something is chosen. The address answers with a <ul data-said> of <li role=option data-value data-words>.
for (const box of document.querySelectorAll("[data-combobox]")) {
  const input = box.querySelector("input:not([type=hidden], [type=radio])");
  const list = box.querySelector("[role=listbox]");
  const status = box.querySelector("[data-status]");
  const chosen = box.querySelector("[data-chosen]");
  const chosenWords = box.querySelector("[data-chosen-words]");
  let waiting = 0;
  let asked = 0;
  let active = -1;
  let looking = false;
  let answered = true;
  let hurried = false;
  const options = () => [...list.children];
  const open = (is) => {
    list.hidden = !is;
    input.setAttribute("aria-expanded", String(is));
    if (!is) point(-1);
  };
  const point = (to) => {
    active = to;
    options().forEach((option, at) => option.setAttribute("aria-selected", String(at === to)));
    const option = options()[to];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };
  const tell = () => chosen.dispatchEvent(new Event("input", { bubbles: true }));
  const choose = (option) => {
    chosen.value = option.dataset.value;
    chosenWords.value = input.value = option.dataset.words;
    hurried = false;
    open(false);
    input.removeAttribute("aria-invalid");
    tell();
    document.getElementById(box.dataset.then)?.focus();
  };
  const look = async () => {
    const mine = ++asked;
    const query = new URLSearchParams({ q: chosen.value ? "" : input.value });
    const along = input.form.elements[box.dataset.with];
    if (along) query.set(box.dataset.with, along.value);
    let found = null;
    try {
      const part = document.createElement("template");
      part.innerHTML = await (await fetch(`${box.dataset.combobox}?${query}`)).text();
      found = part.content.querySelector("[data-said]");
    } catch {
      // Offline for a moment, or signed out: Enter sends the form, which tells.
    }
    if (mine !== asked) return;
    looking = false;
    answered = found !== null;
    if (!found) return;
    list.replaceChildren(...found.children);
    status.textContent = found.dataset.said;
    // Who sees the list needs no count.
    status.classList.toggle("unseen", list.children.length > 0);
    open(list.children.length > 0);
    if (list.children.length > 0) point(0);
    if (hurried && list.children.length > 0) choose(list.children[0]);
    hurried = false;
  };
  const lookSoon = (delay) => {
    looking = true;
    clearTimeout(waiting);
    waiting = setTimeout(look, delay);
  };
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  input.addEventListener("input", () => {
    if (chosen.value) {
      chosen.value = "";
      tell();
    }
    if (input.value.trim() !== "") {
      lookSoon(120);
      return;
    }
    clearTimeout(waiting);
    asked++;
    looking = false;
    status.textContent = "";
    open(false);
  });
  input.addEventListener("click", () => {
    if (list.hidden && input.value.trim() === "") lookSoon(0);
  });
  input.addEventListener("focus", () => input.select());
  input.addEventListener("blur", () => open(false));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const count = list.children.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) lookSoon(0);
      else point((active + (event.key === "ArrowDown" ? 1 : -1) + count) % count);
    } else if (event.key === "Enter" && answered && !chosen.value && input.value.trim() !== "") {
      event.preventDefault();
      if (!list.hidden && !looking && active >= 0) choose(options()[active]);
      else hurried = looking;
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      event.preventDefault();
      choose(options()[active]);
    } else if (event.key === "Tab" && !event.shiftKey && !list.hidden && active >= 0) {
      event.preventDefault();
      choose(options()[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      open(false);
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
  if (!chosen.value && input.value) {
    input.focus();
    lookSoon(0);
  }
}

// What only those without a script need.
for (const element of document.querySelectorAll("[data-without-script]")) element.remove();

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

// What is chosen in [data-clears="id id"] takes the place of what those fields hold.
for (const field of document.querySelectorAll("[data-clears]")) {
  field.addEventListener("change", () => {
    if (!field.value) return;
    for (const id of field.dataset.clears.split(" ")) {
      const other = document.getElementById(id);
      if (other) other.value = "";
    }
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// <button data-copy="id" data-said="…"> copies that field.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    document.getElementById(button.dataset.copy).select();
    document.execCommand("copy");
    button.closest("section").querySelector("[role=status]").textContent = button.dataset.said;
  });
}

// The file chosen in [data-file="id"] is read into that field.
for (const chooser of document.querySelectorAll("[data-file]")) {
  chooser.closest("[hidden]").hidden = false;
  chooser.addEventListener("change", async () => {
    const [file] = chooser.files;
    if (file) document.getElementById(chooser.dataset.file).value = await file.text();
  });
}

// A form whose answer belongs on the page.
document.querySelector("[data-send]")?.requestSubmit();

// A page that the browser kept whole and brings back is asked for anew: it is old, or shows names after signing out.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
