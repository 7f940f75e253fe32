// Makes the C++ source that holds the page's script, style sheet and licences:  node bundle.mjs WORK_DIRECTORY
//
// Copies this folder to the work directory, installs the locked packages there (no install scripts run), bundles
// page.js with what it uses of them, and writes page_parts.cpp. The source tree is never written to. The same sources and
// the same esbuild give the same bytes.
//
// Another version of the library: change package.json, then, in a copy of this folder,
// `npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved`, which names no registry in the lock.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const source = dirname(fileURLToPath(import.meta.url));
const work = process.argv[2];

function fail(sentence) {
  console.error(`report page: ${sentence}`);
  process.exit(1);
}

function run(program, ...parameters) {
  try {
    execFileSync(program, parameters, { cwd: work, stdio: ["ignore", "ignore", "pipe"] });
  } catch (error) {
    if (error.code === "ENOENT") fail(`${program} is not there; scripts/setup installs it`);
    process.stderr.write(error.stderr ?? "");
    fail(program === "npm"
      ? "the chart library could not be installed: npm needs its registry, or a cache that an earlier build has filled"
      : `${program} failed`);
  }
}

// Installs what the lock file names, unless it is there from an earlier run.
function install() {
  const lock = readFileSync(join(source, "package-lock.json"), "utf8");
  const stamp = join(work, "node_modules", ".installed-lock.json");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error");
  writeFileSync(stamp, lock);
}

// "node_modules/@observablehq/plot/src/plot.js" is of the package "@observablehq/plot".
function bundled_packages(metafile) {
  const inputs = JSON.parse(readFileSync(metafile, "utf8")).outputs["charts.min.js"].inputs;
  const used = Object.entries(inputs).filter(([, input]) => input.bytesInOutput > 0);
  const names = used.map(([path]) => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean);
  return [...new Set(names)].sort();
}

// Each licence text once, below the packages that are under it, with their own copyright lines.
function licences(packages) {
  const groups = new Map();
  for (const name of packages) {
    const folder = join(work, "node_modules", name);
    const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry)) ?? fail(`${name} has no licence text`);
    const lines = readFileSync(join(folder, file), "utf8").replaceAll("\r", "").trim().split("\n");
    const [rights, ...text] = lines[0].startsWith("Copyright ") ? lines : ["", ...lines];
    const body = text.join("\n").trim();
    if (!groups.has(body)) groups.set(body, []);
    groups.get(body).push(`${name} ${about.version} (${about.license})${rights && `: ${rights}`}`);
  }
  return [...groups].map(([body, names]) => `${names.join("\n")}\n\n${body}`).join("\n\n* * *\n\n");
}

const html = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

// What a page holds between <script> or <style> and its end must not end it early, nor be changed by the HTML parser.
function check(name, text) {
  if (/<\/(script|style)|<!--|\r|\0/i.test(text)) fail(`${name} holds what HTML would not leave as it is`);
  if (text.includes(')page"')) fail(`${name} holds the end of a C++ string`);
  return text;
}

function cpp(parts) {
  const definitions = Object.entries(parts).map(
    ([name, text]) => `const std::string_view ${name} = R"page(${check(name, text)})page";\n`);
  return `// Written by bundle.mjs.\n#include "workers/fulfillment/analysis/report/page_parts.hpp"\n
namespace circuit::analysis {\n\n${definitions.join("\n")}\n}  // namespace circuit::analysis\n`;
}

mkdirSync(work, { recursive: true });
for (const name of ["package.json", "package-lock.json", "charts.js", "page.js", "style.css"])
  copyFileSync(join(source, name), join(work, name));
install();
run("esbuild", "page.js", "--bundle", "--minify", "--format=iife", "--target=es2020", "--charset=ascii",
  "--legal-comments=none", "--metafile=charts.meta.json", "--outfile=charts.min.js", "--log-level=warning");
run("esbuild", "style.css", "--minify", "--charset=ascii", "--outfile=style.min.css", "--log-level=warning");
const script = readFileSync(join(work, "charts.min.js"), "utf8").trim();
writeFileSync(join(work, "page_parts.cpp"), cpp({
  page_script: script,
  page_script_hash: `sha256-${createHash("sha256").update(script).digest("base64")}`,
  page_style: readFileSync(join(work, "style.min.css"), "utf8").trim(),
  page_licences: html(licences(bundled_packages(join(work, "charts.meta.json")))),
}));
