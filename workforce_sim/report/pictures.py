"""A chart becomes an SVG and a PNG, every letter drawn as an outline of the font we carry.

Text in an SVG is drawn with the fonts of the machine that shows it: without a Chinese font there,
it is empty boxes or nothing at all. Outlines look the same everywhere, and a letter that the font
lacks is noticed here instead of by the reader.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from workforce_sim.scenario.errors import InputError, Problem

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

FONT = "Noto Sans SC"
"""The family name of the font, for the charts' configuration."""

_SVG = "http://www.w3.org/2000/svg"
_SCALE = 2.0  # pixels of the PNG for each of the SVG


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


def draw(spec: dict[str, Any]) -> tuple[str, bytes]:
    """Return the SVG and the PNG (two pixels for one) of a Vega-Lite chart.

    Raises
    ------
    MissingGlyphError
        If the chart shows a letter that the font lacks.
    """
    import vl_convert

    _register_font()
    svg = outlined(vl_convert.vegalite_to_svg(spec))
    return svg, vl_convert.svg_to_png(svg, scale=_SCALE)


def outlined(svg: str) -> str:
    """Return an SVG made by Vega with its text as outlines; the text stays as ``aria-label``."""
    ET.register_namespace("", _SVG)
    root = ET.fromstring(svg)
    used: dict[str, str] = {}
    for element in list(root.iter(f"{{{_SVG}}}text")):
        _outline(element, used)
    defs = ET.Element(f"{{{_SVG}}}defs")
    for name, path in sorted(used.items()):
        ET.SubElement(defs, f"{{{_SVG}}}path", {"id": name, "d": path})
    root.insert(0, defs)
    return ET.tostring(root, encoding="unicode") + "\n"


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
                ET.SubElement(group, f"{{{_SVG}}}use", {"href": f"#{name}", "x": f"{x:g}"})
            x += advance


@cache
def _font() -> TTFont:
    from fontTools.ttLib import TTFont
    from pylopdf_fonts_zh_cn import sans_path

    return TTFont(sans_path(), lazy=True)


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
def _register_font() -> None:
    """Let Vega measure text with the font; else labels are placed as if they had no width."""
    import vl_convert
    from pylopdf_fonts_zh_cn import sans_path

    vl_convert.register_font_directory(str(sans_path().parent))
