// What makes the page more than its text: charts drawn when they come near, the search among columns, the place in the
// contents. Everything that is said is there without it.
import { charts } from "./charts.js";

const root = document.documentElement;
root.classList.add("scripted");

// ---- charts ----

const figures = [...document.querySelectorAll("figure.chart")];

function draw(figure) {
  const plot = figure.querySelector(".plot");
  const width = Math.max(240, Math.floor(plot.clientWidth));
  if (plot.firstChild && figure.drawn_width === width) return;
  const data = JSON.parse(figure.querySelector("script").textContent);
  const svg = charts[figure.dataset.kind](data, width);
  svg.setAttribute("aria-hidden", "true");  // the figure's label speaks for it
  plot.replaceChildren(svg);
  if (!figure.drawn_width) add_save_button(figure);
  figure.drawn_width = width;
  figure.dataset.drawn = "";
}

const draw_all = () => figures.forEach(draw);

if ("IntersectionObserver" in window) {
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      near.unobserve(entry.target);
      draw(entry.target);
    }
  }, { rootMargin: "800px 0px" });
  figures.forEach((figure) => near.observe(figure));
} else {
  draw_all();
}
window.addEventListener("beforeprint", draw_all);

let resizing = 0;
window.addEventListener("resize", () => {
  clearTimeout(resizing);
  resizing = setTimeout(() => figures.filter((figure) => figure.drawn_width).forEach(draw), 150);
});

// ---- a chart as a file of its own ----

// Outside of the page there are no variables: their values are written in.
function standalone(svg) {
  const style = getComputedStyle(root);
  const copy = svg.cloneNode(true);
  copy.removeAttribute("aria-hidden");
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const resolved = (text) => text.replace(/var\((--[\w-]+)\)/g, (whole, name) => style.getPropertyValue(name).trim() || whole);
  const text = resolved(new XMLSerializer().serializeToString(copy));
  return text.replace(/background:\s*none/, `background: ${style.getPropertyValue("--paper").trim()}`)
    .replace(/font-family:\s*inherit/, "font-family: system-ui, sans-serif");
}

function save(figure) {
  const label = figure.querySelector(".plot").getAttribute("aria-label");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([standalone(figure.querySelector(".plot svg"))], { type: "image/svg+xml" }));
  link.download = `${label.split(/[:.]/)[0].replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60)}.svg`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function add_save_button(figure) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "save";
  button.textContent = "Save as SVG";
  button.addEventListener("click", () => save(figure));
  figure.querySelector("figcaption").append(" ", button);
}

// ---- the search among columns ----

const filter = document.querySelector("form.filter");

function apply(text) {
  const wanted = text.trim().toLowerCase();
  let found = 0;
  for (const item of document.querySelectorAll("#columns [data-filter]")) {
    const head = item.querySelector("h3") ?? item;
    const name = item.matches("tr") ? `${head.cells[0].textContent} ${head.cells[1].textContent}` : head.textContent;
    item.hidden = !name.toLowerCase().includes(wanted);
    found += item.matches("tr") && !item.hidden;
  }
  filter.querySelector("output").textContent = wanted ? `${found} found` : "";
}

if (filter) {
  const input = filter.querySelector("input");
  filter.hidden = false;
  filter.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("input", () => apply(input.value));
  // A link to a column that the search hides shows all again.
  window.addEventListener("hashchange", () => {
    if (!document.getElementById(location.hash.slice(1))?.hidden) return;
    input.value = "";
    apply("");
    document.getElementById(location.hash.slice(1)).scrollIntoView();
  });
}

// ---- the place in the contents ----

const links = new Map([...document.querySelectorAll("nav.contents a")].map((link) => [link.hash.slice(1), link]));

if ("IntersectionObserver" in window) {
  const here = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      links.forEach((link) => link.removeAttribute("aria-current"));
      links.get(entry.target.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-15% 0px -80% 0px" });
  links.forEach((_, id) => here.observe(document.getElementById(id)));
}
