"""A chart becomes an SVG and a PNG, every letter drawn as an outline of the font we carry.

Text in an SVG is drawn with the fonts of the machine that shows it: without a Chinese font there,
it is empty boxes or nothing at all. Outlines look the same everywhere, and a letter that the font
lacks is noticed here instead of by the reader.
"""

from __future__ import annotations

import atexit
import hashlib
import io
import json
import re
import string
import struct
import tempfile
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workforce_sim.scenario.errors import InputError, Problem

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

FONT = "Noto Sans SC"
"""The family name of the font, for the charts' configuration."""

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"  # a plain href is unknown to older office programs
_SCALE = 2.0  # pixels of the PNG for each of the SVG
_PNG = b"\x89PNG\r\n\x1a\n"


class MissingGlyphError(ValueError):
    """The font has no picture of some letter."""


def check_drawable(texts: Iterable[str]) -> None:
    """Check, before a long run, that its charts can show these names.

    Raises
    ------
    InputError
        With one problem for each text that has a letter which the font lacks.
    """
    problems = [
        Problem("", None, text, f"the font of the charts has no letter {_named(missing)}")
        for text in dict.fromkeys(texts)
        if (missing := _missing(text))
    ]
    if problems:
        raise InputError(problems)


def draw(specs: Mapping[str, dict[str, Any]]) -> Iterator[tuple[str, str, bytes]]:
    """Yield the name, the SVG and the PNG (two pixels for one) of each Vega-Lite chart.

    Raises
    ------
    MissingGlyphError
        If a chart shows a letter that the font lacks.
    """
    import vl_convert

    letters = {*json.dumps(specs, ensure_ascii=False), *string.printable, *"−–…"}
    family = _measuring_font("".join(sorted(letters)))

    def png(svg: str) -> bytes:
        return _packed(vl_convert.svg_to_png(svg, scale=_SCALE))

    # One chart becomes pixels while the next is laid out: two cores are as good as twice the speed.
    with ThreadPoolExecutor(1) as painter:
        drawn: list[tuple[str, str, Future[bytes]]] = []
        for name, spec in specs.items():
            config = {**spec.get("config", {}), "font": family}
            svg = outlined(vl_convert.vegalite_to_svg({**spec, "config": config}))
            drawn.append((name, svg, painter.submit(png, svg)))
        for name, svg, picture in drawn:
            yield name, svg, picture.result()


def size_of(png: bytes) -> tuple[int, int]:
    """Return the width and the height of a PNG, in pixels."""
    width, height = struct.unpack_from(">II", png, len(_PNG) + 8)
    return width, height


def outlined(svg: str) -> str:
    """Return an SVG made by Vega with its text as outlines; the text stays as ``aria-label``."""
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    root = ET.fromstring(svg)
    used: dict[str, str] = {}
    for element in list(root.iter(f"{{{_SVG}}}text")):
        _outline(element, used)
    defs = ET.Element(f"{{{_SVG}}}defs")
    for name, path in sorted(used.items()):
        ET.SubElement(defs, f"{{{_SVG}}}path", {"id": name, "d": path})
    root.insert(0, defs)
    return ET.tostring(root, encoding="unicode") + "\n"


def _packed(png: bytes) -> bytes:
    """Return the same picture in a third of the bytes: the renderer hardly compresses at all."""
    chunks, data, place = [], b"", len(_PNG)
    while place < len(png):
        length, kind = struct.unpack_from(">I4s", png, place)
        body = png[place + 8 : place + 8 + length]
        place += 12 + length
        if kind == b"IDAT":
            data += body
        else:
            chunks.append((kind, body))
    chunks.insert(-1, (b"IDAT", zlib.compress(zlib.decompress(data), 6)))  # before IEND
    return _PNG + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def _outline(element: ET.Element, used: dict[str, str]) -> None:
    """Turn one text element into a group of outlines, in place; note the glyphs ``used``."""
    lines = [(0.0, element.text or "")]
    for span in element:  # further lines of a text: <tspan x="0" dy="14">
        lines.append((lines[-1][0] + float(span.get("dy", "0")), span.text or ""))
    text = " ".join(line for _, line in lines if line)
    if missing := _missing(text):
        raise MissingGlyphError(f"the font has no letter {_named(missing)} of {text!r}")
    scale = float(element.attrib.pop("font-size").removesuffix("px")) / _font()["head"].unitsPerEm
    anchor = {"middle": 0.5, "end": 1.0}.get(element.attrib.pop("text-anchor", "start"), 0.0)
    for name in ("font-family", "font-weight", "font-style"):
        element.attrib.pop(name, None)
    element.tag, element.text = f"{{{_SVG}}}g", None
    element[:] = []
    element.set("aria-label", text)
    for down, line in lines:
        glyphs = [_glyph(letter) for letter in line]
        x = -anchor * sum(advance for _, advance, _ in glyphs)
        shape = f"translate(0,{down:g}) scale({scale:g},{-scale:g})"
        group = ET.SubElement(element, f"{{{_SVG}}}g", {"transform": shape})
        for name, advance, path in glyphs:
            if path:  # a space has none
                used[name] = path
                ET.SubElement(
                    group, f"{{{_SVG}}}use", {f"{{{_XLINK}}}href": f"#{name}", "x": f"{x:g}"}
                )
            x += advance


@cache
def _font() -> TTFont:
    from fontTools.ttLib import TTFont
    from pylopdf_fonts_zh_cn import sans_path

    return TTFont(io.BytesIO(sans_path().read_bytes()), lazy=True)


@cache
def _letters() -> dict[int, str]:
    letters: dict[int, str] = _font().getBestCmap()
    return letters


@cache
def _glyph(letter: str) -> tuple[str, float, str]:
    """Return the name, the advance width and the outline of a letter, in units of the font."""
    from fontTools.pens.svgPathPen import SVGPathPen

    name = _letters()[ord(letter)]
    glyphs = _font().getGlyphSet()
    pen = SVGPathPen(glyphs, ntos=lambda number: f"{number:g}")
    glyphs[name].draw(pen)
    return re.sub(r"\W", "_", name), float(glyphs[name].width), pen.getCommands()


def _missing(text: str) -> list[str]:
    return sorted({letter for letter in text if ord(letter) not in _letters()})


def _named(letters: list[str]) -> str:
    return ", ".join(f"{letter!r} (U+{ord(letter):04X})" for letter in letters)


@cache
def _measuring_font(letters: str) -> str:
    """Give Vega a font of these letters to measure text with; return its family name.

    Vega reads the font's file anew for every label: with the whole font, 8 MB, charts take four
    times as long. So the folder lives as long as the process; and as a font once registered cannot
    be replaced, each set of letters has its own name.
    """
    import vl_convert

    family = f"letters-{hashlib.sha256(letters.encode()).hexdigest()[:16]}"
    folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    atexit.register(folder.cleanup)
    (Path(folder.name) / "font.otf").write_bytes(_font_of(letters, family))
    vl_convert.register_font_directory(folder.name)
    return family


def web_font(text: str) -> bytes:
    """Return the font as WOFF with no more letters than a page needs: those of ``text``."""
    return _font_of("".join(sorted({*text, *string.printable})), FONT, "woff")


def _font_of(letters: str, family: str, flavor: str | None = None) -> bytes:
    from fontTools import subset
    from pylopdf_fonts_zh_cn import sans_path

    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True)
    options.flavor = flavor
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=letters)
    with subset.load_font(str(sans_path()), options) as font:
        subsetter.subset(font)
        for record in font["name"].names:
            if record.nameID in (1, 16):  # family, typographic family
                record.string = family
        made = io.BytesIO()
        subset.save_font(font, made, options)
    return made.getvalue()
