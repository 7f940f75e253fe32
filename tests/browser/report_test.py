#!/usr/bin/python3
"""report.html in a real browser: wide and narrow, light and dark, on paper, and without scripts.

report_test.py PROGRAMS    with CIRCUIT_SCREENSHOTS=FOLDER, it leaves pictures of what it saw there
"""

import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAMS = pathlib.Path(sys.argv.pop()).resolve()
SCREENSHOTS = os.environ.get("CIRCUIT_SCREENSHOTS")
FLAGS = ("--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
         "--disable-component-update --disable-sync --hide-scrollbars").split()
WIDE, NARROW = 1280, 360

# Values that would take over the page, or a spreadsheet, if any of them were anything but text.
HOSTILE_CSV = "\n".join(
    ['when,"<script>document.title=\'owned\'</script>","=HYPERLINK(""http://x"")",n,"a\u202eb"'] +
    [f'2024-{i % 12 + 1:02}-{i % 28 + 1:02},"</script><script>document.title=\'owned\'</script>{i % 3}",'
     f'"<img src=x onerror=document.title=\'owned\'>{i % 4}",{i * i % 97},"{"x" * (i % 5)}&amp;<b>{i % 2}"' for i in range(400)])


def make_reports(folder):
    (folder / "hostile.csv").write_text(HOSTILE_CSV)
    subprocess.run([PROGRAMS / "write_samples", folder, folder / "hostile.csv",
                    *sorted((ROOT / "tests" / "data").glob("*.csv"))], check=True)
    return {path.parent.name: path for path in sorted(folder.glob("*/report.html"))}


class Browser:
    """One Chromium with an empty profile of its own, that notes every request."""

    def __init__(self, profile, **preferences):
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        if preferences:
            options.add_experimental_option("prefs", preferences)
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.driver.set_script_timeout(180)

    def open(self, path, width=WIDE, scheme="light", anchor=""):
        """Shows the page and returns all that it asked for and all that it said."""
        self.forget()
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 500)
        self.command("Emulation.setEmulatedMedia", media="", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.driver.get("about:blank")
        self.driver.get(path.as_uri() + anchor)

    def forget(self):
        self.requests(), self.messages()

    def requests(self):
        """Addresses asked for since the last call, but for the browser's own pages."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"
                and not event["params"]["request"]["url"].startswith(("about:", "chrome:", "chrome-untrusted:"))]

    def messages(self):
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def command(self, name, **parameters):
        return self.driver.execute_cdp_cmd(name, parameters)

    def run(self, script, *parameters):
        return self.driver.execute_script(script, *parameters)

    def scroll_through(self):
        """As a reader would, so that charts are drawn as they come near."""
        self.driver.execute_async_script("""
            const done = arguments[0];
            document.documentElement.style.scrollBehavior = "auto";
            const step = () => {
              const at_end = scrollY + innerHeight >= document.documentElement.scrollHeight - 1;
              if (at_end) return requestAnimationFrame(() => setTimeout(done, 50));
              scrollBy(0, 1200);
              requestAnimationFrame(() => setTimeout(step, 20));
            };
            step();""")

    def picture(self, name):
        if not SCREENSHOTS or name.startswith("wide"):  # too tall to be pictured in reasonable time
            return
        size = self.run("return [innerWidth, document.documentElement.scrollHeight]")
        for part, top in enumerate(range(0, min(size[1], 20000), 1600)):
            shot = self.command("Page.captureScreenshot", captureBeyondViewport=True, clip={
                "x": 0, "y": top, "width": size[0], "height": min(1600, size[1] - top), "scale": 1})
            (pathlib.Path(SCREENSHOTS) / f"{name}-{part:02}.png").write_bytes(base64.b64decode(shot["data"]))

    def close(self):
        self.driver.quit()


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.reports = make_reports(cls.folder)
        cls.browser = Browser(cls.folder / "profile")
        cls.addClassCleanup(cls.browser.close)

    def assert_quiet(self, path):
        """No message, no error, and no request but for the page itself."""
        self.assertEqual(self.browser.messages(), [])
        requests = [url for url in self.browser.requests() if not url.startswith("blob:")]
        self.assertEqual(requests, [path.as_uri()])

    def undrawn(self):
        """Charts without an SVG, or with one that is empty."""
        return self.browser.run("""
            return [...document.querySelectorAll("figure.chart")]
              .filter((figure) => (figure.querySelector(".plot svg")?.querySelectorAll("path, rect, circle, line").length ?? 0) < 2)
              .map((figure) => figure.querySelector(".plot").getAttribute("aria-label"))""")

    def test_every_report_is_drawn_whole_in_quiet_at_every_width_and_colour(self):
        for name, path in self.reports.items():
            for width in (WIDE, NARROW):
                for scheme in ("light", "dark"):
                    with self.subTest(report=name, width=width, scheme=scheme):
                        self.browser.open(path, width, scheme)
                        self.browser.scroll_through()
                        self.assertEqual(self.undrawn(), [])
                        self.assert_quiet(path)
                        self.assertLessEqual(self.browser.run("return document.documentElement.scrollWidth"), width)
                        self.assertEqual(self.browser.run("return document.title"), "Data analysis")
                        self.browser.picture(f"{name}-{width}-{scheme}")

    def test_charts_wait_until_they_come_near(self):
        self.browser.open(self.reports["full"])
        self.assertGreater(len(self.undrawn()), 3)

    def test_dark_is_dark_and_light_is_light(self):
        luminance = """
            const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).map(Number);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b"""
        self.browser.open(self.reports["full"], scheme="dark")
        self.assertLess(self.browser.run(luminance), 60)
        self.browser.open(self.reports["full"], scheme="light")
        self.assertGreater(self.browser.run(luminance), 240)

    def test_text_stands_out_from_its_ground(self):
        """WCAG 2.1, 1.4.3: at least 4.5 to 1, for all text of the page and of its charts."""
        for scheme in ("light", "dark"):
            self.browser.open(self.reports["full"], scheme=scheme)
            self.browser.scroll_through()
            poor = self.browser.run((pathlib.Path(__file__).parent / "contrast.js").read_text())
            self.assertEqual(poor, [], scheme)

    def test_printing_draws_every_chart_in_light_colours(self):
        self.browser.open(self.reports["full"], scheme="dark")
        pdf = base64.b64decode(self.browser.command("Page.printToPDF", printBackground=True, preferCSSPageSize=True)["data"])
        self.assertEqual(self.undrawn(), [])
        self.assertTrue(pdf.startswith(b"%PDF"))
        self.browser.command("Emulation.setEmulatedMedia", media="print", features=[
            {"name": "prefers-color-scheme", "value": "dark"}])
        self.assertEqual(self.browser.run("return getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)")
        self.assertEqual(self.browser.run("""
            return [...document.querySelectorAll(".plot svg")].filter((svg) =>
              svg.getBoundingClientRect().right > document.documentElement.clientWidth + 1).length"""), 0)
        if SCREENSHOTS:
            (pathlib.Path(SCREENSHOTS) / "full.pdf").write_bytes(pdf)

    def test_headings_go_down_one_level_at_a_time(self):
        for path in self.reports.values():
            self.browser.open(path)
            levels = self.browser.run("""
                return [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((heading) => Number(heading.tagName[1]))""")
            self.assertEqual(levels[0], 1)
            self.assertEqual(levels.count(1), 1)
            self.assertTrue(all(b <= a + 1 for a, b in zip(levels, levels[1:])))

    def test_what_the_customer_wrote_is_shown_as_it_is_and_runs_nowhere(self):
        self.browser.open(self.reports["hostile"])
        self.browser.scroll_through()
        self.assertEqual(self.browser.run("return document.title"), "Data analysis")
        self.assertEqual(self.browser.run("return document.querySelectorAll('img, b').length"), 0)
        text = self.browser.run("return document.body.textContent")
        self.assertIn("<script>document.title='owned'</script>", text)
        self.assertIn('=HYPERLINK("http://x")', text)
        self.assertNotIn("\u202e", text)

    def test_a_script_that_got_in_would_not_run(self):
        """The policy holds even where the escaping would not."""
        page = self.reports["full"].read_text().replace("</main>", "<script>document.title='owned'</script></main>", 1)
        broken = self.folder / "broken.html"
        broken.write_text(page)
        self.browser.open(broken)
        self.assertEqual(self.browser.run("return document.title"), "Data analysis")
        self.assertTrue(any("Content Security Policy" in message for message in self.browser.messages()))

    def test_a_finding_leads_to_its_evidence(self):
        self.browser.open(self.reports["full"])
        links = self.browser.run("""
            return [...document.querySelectorAll(".findings .source a")].map((link) => link.hash)""")
        self.assertEqual(len(links), 6)
        for link in links:
            self.assertTrue(self.browser.run("return document.getElementById(arguments[0].slice(1)) !== null", link), link)

    def test_the_search_finds_columns_by_name_and_type(self):
        self.browser.open(self.reports["full"])
        search = """
            const input = document.getElementById("filter");
            input.value = arguments[0];
            input.dispatchEvent(new Event("input"));
            return [...document.querySelectorAll("#columns article")].filter((card) => !card.hidden)
              .map((card) => card.querySelector("bdi").textContent)"""
        self.assertEqual(self.browser.run(search, "REV"), ["revenue"])
        self.assertEqual(self.browser.run(search, "category"), ["sky", "tent"])
        self.assertEqual(self.browser.run("return document.querySelector('.filter output').textContent"), "2 found")
        self.assertEqual(len(self.browser.run(search, "")), 12)

    def test_a_link_to_a_column_that_the_search_hides_shows_it(self):
        self.browser.open(self.reports["full"])
        self.browser.run("""
            const input = document.getElementById("filter");
            input.value = "sky";
            input.dispatchEvent(new Event("input"));""")
        self.browser.driver.execute_async_script("""
            const done = arguments[0];
            addEventListener("hashchange", () => setTimeout(done, 0));
            location.hash = "#column-3";""")
        self.assertFalse(self.browser.run("return document.getElementById('column-3').hidden"))

    def test_a_chart_can_be_saved_as_a_picture_of_its_own(self):
        self.browser.open(self.reports["full"], scheme="dark")
        self.browser.scroll_through()
        svg, name = self.browser.driver.execute_async_script("""
            const done = arguments[0];
            URL.createObjectURL = (blob) => { blob.text().then((text) => done([text, window.saved_as])); return "data:,"; };
            HTMLAnchorElement.prototype.click = function () { window.saved_as = this.download; };
            document.querySelector("#column-2 .save").click();""")
        self.assertEqual(name, "Histogram-of-temperature.svg")
        self.assertIn('xmlns="http://www.w3.org/2000/svg"', svg)
        self.assertNotIn("var(--main)", svg)
        self.assertNotIn("inherit", svg)
        saved = self.folder / "saved.svg"
        saved.write_text(svg)
        self.browser.open(saved)
        self.assertEqual(self.browser.messages(), [])
        self.assertEqual(self.browser.run("return document.documentElement.tagName"), "svg")

    def test_charts_are_drawn_anew_when_the_window_changes(self):
        self.browser.open(self.reports["full"])
        self.browser.scroll_through()
        width = "return document.querySelector('#series-1 svg').width.baseVal.value"
        before = self.browser.run(width)
        self.browser.command("Emulation.setDeviceMetricsOverride", width=NARROW, height=900, deviceScaleFactor=1, mobile=True)
        deadline = time.monotonic() + 10
        while self.browser.run(width) == before and time.monotonic() < deadline:
            pass
        self.assertLess(self.browser.run(width), NARROW)

    def test_everything_that_can_be_used_can_be_reached_by_keyboard(self):
        self.browser.open(self.reports["full"])
        self.browser.scroll_through()
        unreachable = self.browser.run("""
            return [...document.querySelectorAll("a, button, input, summary, .scroll")]
              .filter((element) => element.tabIndex < 0).map((element) => element.outerHTML.slice(0, 80))""")
        self.assertEqual(unreachable, [])
        self.assertEqual(self.browser.run("""
            document.querySelector(".skip").focus();
            return document.querySelector(".skip").getBoundingClientRect().left >= 0"""), True)

    def test_no_row_of_a_table_is_absurdly_tall_on_a_phone(self):
        for name, path in self.reports.items():
            with self.subTest(report=name):
                self.browser.open(path, NARROW)
                self.assertLess(self.browser.run("""
                    return Math.max(...[...document.querySelectorAll("tr")].map((row) => row.getBoundingClientRect().height))"""), 260)


class WithoutScripts(unittest.TestCase):
    def test_the_page_says_everything_without_scripts(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            path = make_reports(folder)["full"]
            browser = Browser(folder / "profile")
            try:
                browser.command("Emulation.setScriptExecutionDisabled", value=True)
                browser.open(path)
                text = browser.command("Accessibility.getFullAXTree")
                names = " ".join(node.get("name", {}).get("value", "") for node in text["nodes"])
                for part in ("Findings", "“visitors” and “revenue” rise together", "Line chart of visitors by day",
                             "Figures as a table", "Median"):
                    self.assertIn(part, names)
                self.assertNotIn("Find a column", names)
                browser.command("Emulation.setScriptExecutionDisabled", value=False)
            finally:
                browser.close()


if __name__ == "__main__":
    unittest.main()
