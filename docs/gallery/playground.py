"""Writes the pictures of the playground beside this file: python docs/gallery/playground.py http://127.0.0.1:8080

The address is that of a running server (`secantd --http`). It needs what `./dev browser` installs, and Pillow.
"""

import shutil
import sys
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).parent
PICTURES = {
    "playground-tangent": {"f": "x^3/3 - x", "at": "x:1.5", "h": "1", "lang": "en", "theme": "light", "box": "-3,3"},
    "playground-descent": {
        "f": "100*(y - x^2)^2 + (1 - x)^2", "tab": "descent", "start": "x:-1.2,y:1", "method": "bfgs", "also": "1",
        "box": "-2,2,-1,3", "lang": "en", "theme": "dark",
    },
    "playground-derivation": {"f": "(x^2 - 2)/(x^3 + 1)", "tab": "derivation", "lang": "ko", "theme": "light"},
    "playground-check": {"f": "x^2*sin(x)", "tab": "check", "claim": "2*x*cos(x)", "lang": "en", "theme": "light"},
}  # fmt: skip


def main(address: str) -> None:
    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, state in PICTURES.items():
            page = browser.new_page(viewport={"width": 1040, "height": 680})
            page.goto(f"{address}/#{urlencode(state)}")
            page.wait_for_timeout(3000)
            path = FOLDER / f"{name}.png"
            page.screenshot(path=path)
            Image.open(path).convert("RGB").quantize(96, dither=Image.Dither.NONE).save(path, optimize=True)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
