// Small conveniences; every page works without them.
const PART = { "X-Part": "1" };
let before = "";

document.addEventListener("keydown", (event) => {
  const typing = document.activeElement.matches("input:not([type=checkbox]), textarea, select") || document.querySelector("dialog[open]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = before === "g" && event.key === "i" ? "gi" : event.key;
  before = event.key;
  const act = {
    "/": () => document.getElementById("q")?.focus(),
    "?": () => document.getElementById("keys")?.showModal(),
    gi: () => document.querySelector("a.brand")?.click(),
    j: () => move(1),
    k: () => move(-1),
    c: claim,
    x: () => document.activeElement.closest("tr")?.querySelector("[type=checkbox]")?.click(),
  }[key];
  if (act) { event.preventDefault(); act(); }
});

function move(step) {
  const links = [...document.querySelectorAll("tbody a[data-row]")];
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  links[Math.max(0, Math.min(links.length - 1, at + step))].focus();
}

// One tick for all rows of its table.
document.querySelectorAll("[data-all]").forEach((all) => {
  all.hidden = false;
  all.addEventListener("change", () => all.closest("table").querySelectorAll("tbody [type=checkbox]").forEach((box) => { box.checked = all.checked; }));
});

// The row in focus, else the page's own task; never the first of a list by chance.
function claim() {
  const row = document.activeElement.closest("tr");
  const own = document.querySelectorAll("[data-claim]");
  (row ? row.querySelector("[data-claim]") : document.querySelector("tbody a[data-row]") ? null : own[0])?.click();
}

// Conditional fields: the server decides on its own what counts; this only hides what it would clear.
const form = document.querySelector("form[data-conditions]");
if (form) { form.addEventListener("change", refresh); refresh(); }
function refresh() {
  const data = new FormData(form);
  const answers = (key) => { const all = data.getAll(key); return all.length === 2 && all[0] === "false" ? all.slice(1) : all; };
  const same = (key, literal) => literal === null ? !answers(key).some(Boolean) : answers(key).some((v) => v === String(literal));
  form.querySelectorAll("[data-hides]").forEach((field) => {
    const groups = JSON.parse(field.dataset.hides);
    field.hidden = groups.some((group) => group.every(([key, literal, equal]) => same(key, literal) === equal));
  });
}

// What is typed is stored a moment after the typing stops; files go with the form itself.
const typed = () => { const data = new FormData(form); for (const [key, value] of [...data]) if (value instanceof File) data.delete(key); return data; };
async function send(address) {
  const response = await fetch(address, { method: "POST", body: typed(), headers: PART, redirect: "error" });
  if (!response.ok) throw new Error(response.status);
  return response.text();
}
if (form?.dataset.autosave) {
  let timer = 0, sent = false;
  form.addEventListener("submit", () => { sent = true; clearTimeout(timer); });
  form.addEventListener("input", (event) => {
    if (event.target.type === "file" || event.target.name?.startsWith("why-")) return;
    clearTimeout(timer);
    timer = setTimeout(async () => {
      if (sent) return;
      const note = form.querySelector("[data-saved]");
      try { note.textContent = await send(form.dataset.autosave); } catch { note.textContent = ""; }
    }, 2000);
  });
}

// Intake: earlier orders and the checklist follow phone, place and class; marks follow every field.
if (form?.dataset.look) {
  const aside = document.getElementById("aside");
  form.addEventListener("change", async (event) => {
    if (!form.dataset.looks.split(" ").includes(event.target.name) && !event.target.matches("input[type=radio], select")) return;
    if ([...aside.querySelectorAll("textarea")].some((area) => area.value)) return;
    try { aside.innerHTML = await send(form.dataset.look); } catch { /* the button does the same */ }
  });
  form.addEventListener("input", () => {
    const data = new FormData(form);
    aside.querySelectorAll("[data-element]").forEach((line) => {
      const filled = data.getAll(line.dataset.element).some((value) => String(value).trim());
      line.querySelector("[data-mark]").textContent = filled ? "✓" : "○";
      line.querySelector("[data-missing]").hidden = filled;
    });
  });
}

// A due moment opens its receipt in place; without this it is a page.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-receipt]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  try {
    const response = await fetch(link.href, { headers: PART, redirect: "error" });
    if (!response.ok) throw new Error(response.status);
    const dialog = document.getElementById("receipt");
    dialog.querySelector("[data-lines]").innerHTML = await response.text();
    dialog.showModal();
  } catch { window.location = link.href; }
});

// Files that would be refused for their size are told about before they travel.
document.querySelectorAll("input[type=file][data-most]").forEach((input) => {
  input.addEventListener("change", () => {
    const large = [...input.files].find((file) => file.size > Number(input.dataset.most));
    input.setCustomValidity(large ? `${large.name}:${input.dataset.tooLarge}` : "");
    if (large) { input.reportValidity(); input.value = ""; input.setCustomValidity(""); }
  });
});

// What was refused has the focus: the summary of a long form, of a short one the first field still empty, else its first.
function refused() {
  const summary = document.querySelector(".summary"), said = document.querySelector("main .error[role=alert]");
  if (summary || !said) return summary;
  said.id ||= "refused";
  const fields = [...(said.closest("form")?.querySelectorAll("input:not([type=hidden]), textarea, select") ?? [])];
  const field = fields.find((one) => one.required && !one.value.trim()) ?? fields[0];
  if (!field) said.tabIndex = -1;
  field?.setAttribute("aria-describedby", said.id);
  return field ?? said;
}
refused()?.focus();

// What is still under way is looked at again, at growing intervals, until it is over.
async function again(section, tries = 0) {
  try {
    const response = await fetch(window.location.href, { redirect: "error" });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.getElementById(section.id);
    if (!fresh) return;
    if (fresh.innerHTML !== section.innerHTML) section.innerHTML = fresh.innerHTML;
    if (fresh.dataset.again && tries < 30) setTimeout(again, Number(fresh.dataset.again) * (1 + tries / 4), section, tries + 1);
  } catch { /* the link does the same */ }
}
document.querySelectorAll("[data-again]").forEach((section) => setTimeout(again, Number(section.dataset.again), section));

// Choosing another step draws the page again: the reason typed so far comes along.
const choosing = document.querySelector(".choosing");
if (choosing) {
  const reason = choosing.querySelector("textarea[name=reason]:not([readonly])");
  const place = `reason:${location.pathname}`;
  if (reason) { reason.value ||= sessionStorage.getItem(place) ?? ""; sessionStorage.removeItem(place); }
  const carry = () => { if (reason?.value) sessionStorage.setItem(place, reason.value); };
  choosing.querySelectorAll("a").forEach((link) => link.addEventListener("click", carry));
  choosing.querySelector("form[method=get]")?.addEventListener("submit", carry);
}
