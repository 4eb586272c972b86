"use strict";
// Draws the charts, and looks for a school in the charts and tables of schools.
(async () => {
  const specs = JSON.parse(document.getElementById("specs").textContent);
  // Vega measures labels as it draws: the letters must be there before.
  await document.fonts.load('12px "Noto Sans SC"', "字");
  const schools = [];
  for (const place of document.querySelectorAll("[data-chart]")) {
    const name = place.dataset.chart;
    // "ast": expressions are interpreted, so that the page needs no eval.
    const options = { mode: "vega-lite", renderer: "svg", actions: false, ast: true, defaultStyle: false };
    const { view } = await vegaEmbed(place, specs[name], options);
    if (name.startsWith("schools-")) schools.push(view);
  }
  const search = document.getElementById("search");
  search?.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    for (const view of schools) view.signal("search", wanted).runAsync();
    for (const row of document.querySelectorAll("[data-school]"))
      row.hidden = !row.dataset.school.toLowerCase().includes(wanted);
  });
  document.documentElement.dataset.drawn = document.querySelectorAll("[data-chart] svg").length;
})();
