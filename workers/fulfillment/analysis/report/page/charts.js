// One function a kind of chart: it takes the figure's data (what chart_figure.hpp wrote) and a width in pixels and returns
// an SVG element. Colours are the style sheet's variables, so that charts follow the page into dark mode and onto paper.
// Texts of the data reach the SVG as text nodes only; labels are looked up by position, so that two that look alike stay two.
import * as Plot from "@observablehq/plot";

const ink = "var(--ink)", soft = "var(--soft)", line = "var(--line)", main = "var(--main)", other = "var(--other)";

const exact = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 6 });
const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 4 });
const four = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 4 });
const rough = (value) => four.format(value).replace("-", "−");
const number = (value) => exact.format(value).replace("-", "−");
// Four digits need no separator, and so years look like years.
const tick = (value) => (Math.abs(value) < 1e4 && Math.abs(value) >= 1e-4) || value === 0
  ? String(Number(value.toPrecision(6))).replace("-", "−") : compact.format(value).replace("-", "−");
const day = (moment) => new Date(moment).toISOString().slice(0, 10);
const moment = (at) => (at % 864e5 === 0 ? day(at) : `${day(at)} ${new Date(at).toISOString().slice(11, 16)}`);
const clip = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
const count = (n, noun) => `${number(n)} ${noun}${n === 1 ? "" : "s"}`;

// Room for the longest of the texts, as far as a font's width can be guessed.
const room = (texts, least, most) => Math.min(most, Math.max(least, 14 + 6.6 * Math.max(0, ...texts.map((text) => text.length))));

const tip = { fill: "var(--panel)", stroke: line, textPadding: 8, maxRadius: Infinity, pointerSize: 6, lineWidth: 24 };

function chart(width, height, options) {
  return Plot.plot({
    width, height, marginTop: 16, marginRight: 16, marginBottom: 40,
    style: { background: "none", color: ink, fontFamily: "inherit", fontSize: "12px", overflow: "visible" },
    ...options,
  });
}

const y_axis = (options) => [
  Plot.gridY({ stroke: line, strokeOpacity: 1, ...options }),
  Plot.axisY({ tickSize: 0, tickFormat: tick, label: null, fill: soft, ...options }),
];
const x_axis = (options) => Plot.axisX({ tickSize: 4, stroke: line, fill: soft, labelArrow: "none", labelAnchor: "center", ...options });
const marginal = (values) => room(values.map((value) => tick(value)), 36, 90);

function histogram(data, width) {
  const bins = data.counts.map((n, i) => ({ from: data.edges[i], to: data.edges[i + 1], n }));
  const top = Math.max(1, ...data.counts);
  const strip = data.q1 !== undefined;
  const name_of = data.is_date ? moment : number;
  const [first, last] = [data.edges[0], data.edges[data.edges.length - 1]];
  // A mark's label stands on the side that has more room.
  const mark = (name, value, dy, dash) => {
    const at_left = value < (first + last) / 2;
    return {
      rules: [
        Plot.ruleX([value], { y1: top, y2: 0, insetTop: dy - 5, stroke: "var(--paper)", strokeWidth: 3 }),
        Plot.ruleX([value], { y1: top, y2: 0, insetTop: dy - 5, stroke: ink, strokeWidth: 1.5, strokeDasharray: dash }),
      ],
      label: Plot.text([value], { x: (d) => d, y: top, dy, dx: at_left ? 5 : -5, textAnchor: at_left ? "start" : "end",
        text: () => `${name} ${rough(value)}`, fill: ink, stroke: "var(--paper)", strokeWidth: 5 }),
    };
  };
  const marks = strip ? [mark("mean", data.mean, -23, "3 3"), mark("median", data.median, -8, "none")] : [];
  const box_at = -0.13 * top;
  return chart(width, strip ? 250 : 200, {
    marginTop: strip ? 34 : 16, marginLeft: marginal([top]),
    x: { type: data.is_date ? "utc" : "linear", domain: [first, last] },
    y: { domain: [strip ? -0.2 * top : 0, top] },
    marks: [
      ...y_axis({ ticks: 4, filter: (value) => value >= 0 && Number.isInteger(value) }),
      x_axis(data.is_date ? { label: null } : { label: data.unit || null, tickFormat: tick, ticks: Math.max(3, Math.floor(width / 90)) }),
      Plot.rectY(bins, { x1: "from", x2: "to", y1: 0, y2: "n", fill: main, insetLeft: 0.5, insetRight: 0.5,
        title: (bin) => `${name_of(bin.from)} to ${name_of(bin.to)}\n${count(bin.n, "value")}`, tip: { ...tip, pointer: "x" } }),
      Plot.ruleY([0], { stroke: soft }),
      ...(strip ? [
        Plot.ruleY([box_at], { x1: data.p5, x2: data.p95, stroke: soft }),
        Plot.link([box_at], { x1: data.q1, x2: data.q3, y: (d) => d, stroke: main, strokeWidth: 10, strokeLinecap: "butt" }),
        Plot.link([box_at], { x1: data.median, x2: data.median, y1: box_at * 0.65, y2: box_at * 1.35, stroke: "var(--paper)", strokeWidth: 2 }),
        ...marks.flatMap(({ rules }) => rules),
        ...marks.map(({ label }) => label),
      ] : []),
    ],
  });
}

function series(data, width) {
  const points = data.t.map((t, i) => ({ t, v: data.v[i] }));
  const present = points.filter((point) => point.v !== null);
  const trend = data.trend
    ? [{ t: present[0].t, v: data.trend[0] }, { t: present[present.length - 1].t, v: data.trend[1] }] : [];
  const title = (point) => `${moment(point.t)}\n${number(point.v)}${data.is_count ? " rows" : ""}`;
  return chart(width, Math.min(340, Math.max(220, width * 0.4)), {
    marginLeft: marginal(present.map((point) => point.v)),
    x: { type: "utc" },
    y: { nice: true, zero: data.is_count },
    marks: [
      ...y_axis({ ticks: 5 }),
      x_axis({ label: null }),
      Plot.lineY(points, { x: "t", y: "v", stroke: main, strokeWidth: points.length > 300 ? 1 : 1.75, strokeLinejoin: "round" }),
      present.length <= 60 ? Plot.dot(present, { x: "t", y: "v", r: 2.5, fill: main }) : null,
      Plot.lineY(trend, { x: "t", y: "v", stroke: other, strokeWidth: 2, strokeDasharray: "6 4" }),
      Plot.tip(present, Plot.pointerX({ x: "t", y: "v", title, ...tip })),
    ],
  });
}

function season(data, width) {
  const bars = data.means.map((mean, at) => ({ at, mean })).filter((bar) => bar.mean !== null);
  const average = bars.reduce((sum, bar) => sum + bar.mean, 0) / bars.length;
  const letters = width / data.labels.length < 32 ? 1 : 3;
  const is_hour = data.labels[0].endsWith(":00");
  return chart(width, 210, {
    marginLeft: marginal(bars.map((bar) => bar.mean)),
    x: { type: "band", domain: data.labels.map((_, at) => at), padding: 0.2 },
    y: { nice: true },
    marks: [
      ...y_axis({ ticks: 4 }),
      x_axis({ label: null, tickSize: 0,
        tickFormat: (at) => is_hour ? (at % (letters === 1 ? 6 : 3) === 0 ? data.labels[at] : "") : data.labels[at].slice(0, letters) }),
      Plot.barY(bars, { x: "at", y1: average, y2: "mean", fill: (bar) => (bar.mean < average ? other : main),
        title: (bar) => `${data.labels[bar.at]}\n${number(bar.mean)} on average`, tip }),
      Plot.ruleY([average], { stroke: soft }),
    ],
  });
}

// Cells that are filled the more, the larger their share of the whole is, and the text on them.
const filled = (cells, fill, options) => Plot.cell(cells, { fill, fillOpacity: "share", inset: 0.5, rx: 2, ...options });

const on_cell = (cell) => (cell.share > 0.7 ? "var(--on-full)" : "var(--on-faint)");

function heat(data, width) {
  const cells = [];
  for (let i = 0; i < data.cells.length; i += 3) {
    const [a, b, r] = data.cells.slice(i, i + 3);
    const title = `${data.names[a]} and ${data.names[b]}\nr = ${r.toFixed(3).replace("-", "−")}`;
    cells.push({ x: a, y: b, r, share: Math.abs(r), title }, { x: b, y: a, r, share: Math.abs(r), title });
  }
  const names = data.names.map((name) => clip(name, 24));
  const margin = room(names, 40, 170);
  const size = Math.max(18, Math.min(56, (width - margin - 24) / names.length));
  const domain = names.map((_, i) => i);
  return chart(margin + 24 + size * names.length, margin + size * names.length, {
    marginLeft: margin, marginTop: 4, marginRight: 24, marginBottom: margin,
    x: { type: "band", domain, padding: 0 }, y: { type: "band", domain, padding: 0 },
    marks: [
      Plot.axisX({ tickSize: 0, label: null, fill: soft, tickRotate: -45, textAnchor: "end", tickFormat: (i) => names[i] }),
      Plot.axisY({ tickSize: 0, label: null, fill: soft, tickFormat: (i) => names[i] }),
      Plot.cell(domain, { x: (i) => i, y: (i) => i, fill: line, inset: 0.5, rx: 2 }),
      filled(cells.filter((cell) => cell.r >= 0), "var(--cell)", { x: "x", y: "y" }),
      filled(cells.filter((cell) => cell.r < 0), "var(--cell-other)", { x: "x", y: "y" }),
      size >= 34 ? Plot.text(cells, { x: "x", y: "y", text: (cell) => cell.r.toFixed(2).replace("-", "−"),
        fill: on_cell }) : null,
      Plot.tip(cells, Plot.pointer({ x: "x", y: "y", title: "title", ...tip })),
    ],
  });
}

function scatter(data, width) {
  const points = data.x.map((x, i) => ({ x, y: data.y[i] }));
  return chart(width, Math.min(380, Math.max(260, width * 0.5)), {
    marginLeft: marginal(data.y), marginTop: 28, marginBottom: 44, x: { nice: true }, y: { nice: true },
    marks: [
      ...y_axis({ ticks: 6 }),
      Plot.axisY({ ticks: [], label: clip(data.y_name, 40), labelArrow: "none", labelAnchor: "top", labelOffset: 0, fill: soft, dx: 0 }),
      x_axis({ label: clip(data.x_name, 40), tickFormat: tick, ticks: Math.max(3, Math.floor(width / 90)) }),
      Plot.dot(points, { x: "x", y: "y", r: points.length > 400 ? 2 : 3, fill: main, fillOpacity: points.length > 400 ? 0.4 : 0.55,
        title: (point) => `${clip(data.x_name, 24)}: ${number(point.x)}\n${clip(data.y_name, 24)}: ${number(point.y)}`, tip }),
      Plot.linearRegressionY(points, { x: "x", y: "y", stroke: other, strokeWidth: 2, ci: 0 }),
    ],
  });
}

function groups(data, width) {
  const rows = data.labels.map((label, at) => ({ at, label, n: data.n[at], mean: data.mean[at], q1: data.q1[at],
    median: data.median[at], q3: data.q3[at] }));
  const labels = data.labels.map((label) => clip(label, width < 480 ? 14 : 26));
  const title = (row) => `${row.label}\n${count(row.n, "row")}\nmean ${number(row.mean)}\nmedian ${number(row.median)}\n` +
    `quartiles ${number(row.q1)} and ${number(row.q3)}`;
  return chart(width, 64 + 30 * rows.length, {
    marginLeft: room(labels, 40, width * 0.36), marginBottom: 44,
    x: { nice: true }, y: { type: "band", domain: rows.map((row) => row.at) },
    marks: [
      Plot.gridX({ stroke: line, strokeOpacity: 1, ticks: Math.max(3, Math.floor(width / 110)) }),
      x_axis({ label: clip(data.name, 40), tickFormat: tick, ticks: Math.max(3, Math.floor(width / 110)) }),
      Plot.axisY({ tickSize: 0, label: null, fill: ink, tickFormat: (at) => labels[at] }),
      Plot.barX(rows, { y: "at", x1: "q1", x2: "q3", fill: main, fillOpacity: 0.35, insetTop: 5, insetBottom: 5, rx: 2 }),
      Plot.tickX(rows, { y: "at", x: "median", stroke: main, strokeWidth: 3, insetTop: 3, insetBottom: 3 }),
      Plot.dot(rows, { y: "at", x: "mean", r: 4, fill: other, stroke: "var(--paper)" }),
      Plot.tip(rows, Plot.pointerY({ y: "at", x: "mean", title, ...tip })),
    ],
  });
}

function cross(data, width) {
  const columns = data.columns.length;
  const sums = data.rows.map((_, row) => data.counts.slice(row * columns, (row + 1) * columns).reduce((a, b) => a + b, 0));
  const cells = data.counts.map((n, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return { row, column, n, share: n / Math.max(1, sums[row]) };
  });
  const labels = data.rows.map((label) => clip(label, width < 480 ? 14 : 26));
  const heads = data.columns.map((label) => clip(label, 20));
  const left = room(labels, 40, width * 0.4);
  const size = Math.max(44, Math.min(120, (width - left - 24) / columns));
  const is_turned = Math.max(...heads.map((head) => head.length)) * 7 > size;
  const top = is_turned ? room(heads, 30, 150) * 0.75 + 12 : 30;
  return chart(left + 24 + size * columns, top + 8 + 34 * labels.length, {
    marginLeft: left, marginTop: top, marginRight: 24, marginBottom: 8,
    x: { type: "band", domain: heads.map((_, i) => i), padding: 0 }, y: { type: "band", domain: labels.map((_, i) => i), padding: 0 },
    marks: [
      Plot.axisX({ anchor: "top", tickSize: 0, label: null, fill: ink, tickRotate: is_turned ? -40 : 0,
        textAnchor: is_turned ? "start" : "middle", tickFormat: (i) => heads[i] }),
      Plot.axisY({ tickSize: 0, label: null, fill: ink, tickFormat: (i) => labels[i] }),
      filled(cells, "var(--cell)", { x: "column", y: "row" }),
      Plot.text(cells, { x: "column", y: "row", text: (cell) => number(cell.n), fill: on_cell }),
      Plot.tip(cells, Plot.pointer({ x: "column", y: "row", ...tip, title: (cell) =>
        `${data.rows[cell.row]}, ${data.columns[cell.column]}\n${count(cell.n, "row")}, ${number(Math.round(1000 * cell.share) / 10)}% of its line` })),
    ],
  });
}

function missing(data, width) {
  const cells = [];
  for (let i = 0; i < data.cells.length; i += 3) {
    const [column, band, n] = data.cells.slice(i, i + 3);
    const from = band * data.band, to = Math.min(data.rows, from + data.band);
    cells.push({ column, from, to, n, share: 0.2 + 0.8 * n / Math.max(1, to - from) });
  }
  const names = data.names.map((name) => clip(name, width < 480 ? 14 : 26));
  const step = Math.max(14, Math.min(28, 360 / names.length));
  return chart(width, 44 + step * names.length, {
    marginLeft: room(names, 40, width * 0.4), marginTop: 4,
    x: { type: "linear", domain: [0, data.rows] }, y: { type: "band", domain: names.map((_, i) => i), padding: 0.12 },
    marks: [
      x_axis({ label: "row", tickFormat: tick, ticks: Math.max(2, Math.floor(width / 120)) }),
      Plot.axisY({ tickSize: 0, label: null, fill: ink, tickFormat: (i) => names[i] }),
      Plot.barX(names, { x1: 0, x2: data.rows, y: (_, i) => i, fill: "var(--panel)" }),
      Plot.barX(cells, { x1: "from", x2: "to", y: "column", fill: other, fillOpacity: "share", shapeRendering: "crispEdges" }),
      Plot.tip(cells, Plot.pointer({ x1: "from", x2: "to", y: "column", ...tip, title: (cell) =>
        `${data.names[cell.column]}\nrows ${number(cell.from + 1)} to ${number(cell.to)}\n${number(cell.n)} missing` })),
    ],
  });
}

export const charts = { histogram, series, season, heat, scatter, groups, cross, missing };
