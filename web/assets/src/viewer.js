// The diagram one can move about in. Loaded when its section is opened; without it the server's drawing stands there.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

const MARGIN = 24;
const LEGIBLE = 0.6;
const STATES = ["overdue", "current", "waiting", "done"];

/** Show the diagram of a section (`data-xml`) in its `[data-canvas]`, with its marks, and tie elements to table rows. */
export async function show(section) {
  const response = await fetch(section.dataset.xml, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`${response.status}`);
  const place = section.querySelector("[data-canvas]");
  place.hidden = false;
  const viewer = new NavigatedViewer({ container: place, zoomScroll: { enabled: false } });
  await viewer.importXML(await response.text());
  const canvas = viewer.get("canvas");
  const marks = marked(section, canvas, viewer.get("elementRegistry"));
  frame(canvas, viewer.get("elementRegistry"), marks);
  buttons(section, viewer, marks);
  viewer.get("eventBus").on("element.click", ({ element }) => pick(section, element.id));
  for (const row of section.querySelectorAll("[data-row]")) row.addEventListener("click", () => centre(viewer, row.dataset.row));
  for (const still of section.querySelectorAll("[data-picture]")) still.hidden = true;
}

function marked(section, canvas, registry) {
  const script = section.querySelector('script[type="application/json"]');
  const marks = script ? JSON.parse(script.textContent) : {};
  for (const [id, state] of Object.entries(marks)) {
    if (registry.get(id) && STATES.includes(state)) canvas.addMarker(id, `mark-${state}`);
  }
  return marks;
}

function whole(canvas) {
  const { inner, outer } = canvas.viewbox();
  const scale = Math.min(1, outer.width / (inner.width + 2 * MARGIN), outer.height / (inner.height + 2 * MARGIN));
  const width = outer.width / scale, height = outer.height / scale;
  canvas.viewbox({ x: inner.x + inner.width / 2 - width / 2, y: inner.y + inner.height / 2 - height / 2, width, height });
  return scale;
}

// The whole diagram if it can be read at that size; else what is current, else where it begins.
function frame(canvas, registry, marks) {
  if (whole(canvas) >= LEGIBLE) return;
  const now = here(registry, marks) ?? registry.find((element) => element.type === "bpmn:StartEvent");
  if (now) around(canvas, now);
}

function here(registry, marks) {
  for (const state of STATES.slice(0, 3)) {
    const id = Object.keys(marks).find((key) => marks[key] === state && registry.get(key));
    if (id) return registry.get(id);
  }
  return undefined;
}

function around(canvas, element) {
  const { inner, outer } = canvas.viewbox();
  const scale = Math.max(LEGIBLE, Math.min(0.85, outer.width / 1000));
  const width = outer.width / scale, height = outer.height / scale;
  const x = within(element.x + element.width / 2 - width / 2, inner.x - MARGIN, inner.x + inner.width + MARGIN - width);
  const y = within(element.y + element.height / 2 - height / 2, inner.y - MARGIN, inner.y + inner.height + MARGIN - height);
  canvas.viewbox({ x, y, width, height });
}

function within(value, least, most) {
  return Math.max(least, Math.min(value, Math.max(least, most)));
}

function centre(viewer, id) {
  const element = viewer.get("elementRegistry").get(id);
  if (!element) return;
  around(viewer.get("canvas"), element);
  for (const other of viewer.get("elementRegistry").getAll()) viewer.get("canvas").removeMarker(other.id, "picked");
  viewer.get("canvas").addMarker(id, "picked");
}

function buttons(section, viewer, marks) {
  const bar = section.querySelector("[data-buttons]");
  if (!bar) return;
  bar.hidden = false;
  const canvas = viewer.get("canvas"), now = here(viewer.get("elementRegistry"), marks);
  const acts = {
    whole: () => whole(canvas),
    nearer: () => canvas.zoom(canvas.zoom() * 1.25),
    farther: () => canvas.zoom(canvas.zoom() / 1.25),
    here: () => now && around(canvas, now),
  };
  for (const button of bar.querySelectorAll("[data-act]")) {
    if (button.dataset.act === "here" && !now) button.hidden = true;
    button.addEventListener("click", acts[button.dataset.act]);
  }
}

function pick(section, id) {
  let found = null;
  for (const row of section.querySelectorAll("[data-row]")) {
    const is = row.dataset.row === id;
    row.classList.toggle("picked", is);
    if (is) found = row;
  }
  found?.scrollIntoView({ block: "nearest" });
}
