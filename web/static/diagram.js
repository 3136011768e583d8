// Opens the diagram viewer when its section is opened; a page never loads it otherwise.
for (const section of document.querySelectorAll("[data-viewer]")) {
  const begin = async () => {
    if (!section.open || section.dataset.begun) return;
    section.dataset.begun = "yes";
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = section.dataset.sheet;
    document.head.append(sheet);
    try {
      const viewer = await import(section.dataset.viewer);
      await new Promise((done) => { sheet.onload = done; sheet.onerror = done; if (sheet.sheet) done(); });
      await viewer.show(section);
    } catch (error) {
      console.warn("diagram viewer:", error);
      const still = section.querySelector("noscript"); // the server's drawing, written for browsers without JavaScript
      section.querySelector("[data-canvas]").hidden = true;
      still?.insertAdjacentHTML("afterend", still.textContent);
    }
  };
  section.addEventListener("toggle", begin);
  begin();
}
