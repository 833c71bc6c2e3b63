"""A picture for a card: initials on the persona's colour; drawn, so nothing is downloaded and nobody depicted."""

import io
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

SIZE = (400, 600)  # what character chats show, in pixels
_LIGHT, _DARK = (255, 255, 255), (24, 26, 31)


def portrait(name: str, colour: str, line: str = "") -> bytes:
    """A PNG of `SIZE`; `colour` is "#rrggbb", `line` stands small below the name. Equal input gives equal bytes."""
    from PIL import Image, ImageDraw

    ground = Image.new("RGB", SIZE, colour)
    shade = Image.linear_gradient("L").resize(SIZE).point(lambda v: v // 2)
    ground.paste(_DARK, (0, 0), shade)
    draw = ImageDraw.Draw(ground)
    middle = SIZE[0] // 2
    draw.ellipse((middle - 120, 120, middle + 120, 360), outline=_LIGHT, width=6)
    draw.text((middle, 240), _initials(name), font=_font(110), fill=_LIGHT, anchor="mm")
    draw.text((middle, 450), name, font=_font(_fitting(name)), fill=_LIGHT, anchor="mm")
    draw.text((middle, 510), line, font=_font(20), fill=_LIGHT, anchor="mm")
    out = io.BytesIO()
    ground.save(out, "PNG", optimize=True)
    return out.getvalue()


def _initials(name: str) -> str:
    words = [word for word in name.split() if word[:1].isalpha()]
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:])) or "?"


def _fitting(name: str) -> int:
    """A size of type in which the name fits into the picture's width."""
    return max(12, min(40, 640 // max(len(name), 1)))


def _font(size: int) -> "FreeTypeFont":
    """DejaVu Sans, which matplotlib carries: it has the letters of most scripts."""
    from PIL import ImageFont

    spec = find_spec("matplotlib")
    path = Path(str(spec.origin)).parent if spec else Path()
    return ImageFont.truetype(path / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf", size)
