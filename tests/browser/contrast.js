// Returns the texts of the page whose contrast with what is behind them is below 4.5 to 1 (WCAG 2.1, 1.4.3), with the
// contrast. Grounds are looked for among the elements around a text; for texts of charts, which may stand on a filled cell,
// among the shapes below their middle.
const channels = (colour) => {
  const values = colour.match(/[0-9.]+/g)?.map(Number) ?? [0, 0, 0, 0];
  return { rgb: values.slice(0, 3), alpha: values[3] ?? 1 };
};
const over = (top, bottom, alpha) => top.map((value, i) => value * alpha + bottom[i] * (1 - alpha));
const luminance = (rgb) => {
  const [r, g, b] = rgb.map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};
const paper = channels(getComputedStyle(document.body).backgroundColor).rgb;

function ground(element) {
  let colour = paper;
  if (element instanceof SVGElement) {
    const box = element.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    for (const shape of element.ownerSVGElement.querySelectorAll("rect")) {
      if (!(shape.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING)) continue;
      const at = shape.getBoundingClientRect();
      if (x < at.left || x > at.right || y < at.top || y > at.bottom) continue;
      const style = getComputedStyle(shape);
      if (style.fill !== "none") colour = over(channels(style.fill).rgb, colour, Number(style.fillOpacity) * channels(style.fill).alpha);
    }
    return colour;
  }
  const around = [];
  for (let at = element; at; at = at.parentElement) around.unshift(at);
  for (const at of around) {
    const { rgb, alpha } = channels(getComputedStyle(at).backgroundColor);
    colour = over(rgb, colour, alpha);
  }
  return colour;
}

const poor = [];
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node = texts.nextNode(); node; node = texts.nextNode()) {
  const element = node.parentElement;
  if (!node.textContent.trim() || ["SCRIPT", "STYLE", "TITLE"].includes(element.tagName)) continue;
  const box = element.getBoundingClientRect();
  if (box.width === 0 || box.right < 0) continue;
  const style = getComputedStyle(element);
  const colour = channels(element instanceof SVGElement ? style.fill : style.color);
  const found = contrast(colour.rgb, ground(element));
  if (found < 4.5) poor.push(`${node.textContent.trim().slice(0, 40)}: ${found.toFixed(2)}`);
}
return [...new Set(poor)].slice(0, 40);
