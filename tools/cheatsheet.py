"""`make cheatsheet`: docs/cheatsheet.md as one page to print, in dist/, as HTML and, where a Chromium is found, as PDF.

Usage: python tools/cheatsheet.py [FOLDER]
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import mistune  # nbconvert brings it

from rerun import ROOT

SOURCE = ROOT / "docs" / "cheatsheet.md"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
STYLE = """
@page { size: A4; margin: 9mm 11mm }
body { font: 8.6pt/1.26 system-ui, "DejaVu Sans", sans-serif; max-width: 190mm; margin: auto; color: #111; background: #fff }
h1 { font-size: 14pt; margin: 0 0 1mm } h2 { font-size: 10pt; margin: 2.2mm 0 .8mm }
ol, p, pre, table { margin: .6mm 0 } ol { padding-left: 5mm }
table { border-collapse: collapse; width: 100% }
th, td { border: .2mm solid #999; padding: .35mm 1.5mm; text-align: left; vertical-align: top }
code { font: 7.8pt "DejaVu Sans Mono", monospace } pre { background: #f2f2f2; padding: 1mm 1.5mm; white-space: pre-wrap }
"""


def page() -> str:
    """The sheet as one HTML file that needs nothing else."""
    render = mistune.create_markdown(plugins=["table"])
    body = render(SOURCE.read_text(encoding="utf-8").rpartition("\n\n")[0])  # not the last link
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>JWT on one page</title>"
        f"<style>{STYLE}</style><body>{body}</body></html>\n"
    )


def print_pdf(html: Path, pdf: Path) -> bool:
    """Print it with a Chromium of this machine; whether there is one."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        return False
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    subprocess.run(
        [*command, f"--print-to-pdf={pdf}", html.as_uri()],
        check=True,
        capture_output=True,
        timeout=60,
    )
    return True


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0] if arguments else ROOT / "dist").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    html, pdf = folder / "cheatsheet.html", folder / "cheatsheet.pdf"
    html.write_text(page(), encoding="utf-8")
    print(html)
    print(pdf if print_pdf(html, pdf) else "No Chromium was found: print the HTML file instead.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
