from __future__ import annotations

import re
import struct
import zlib

import altair as alt
import pytest
import vl_convert

from workforce_sim.report.pictures import MissingGlyphError, check_drawable, draw, outlined
from workforce_sim.scenario.errors import InputError

RARE = "垚崦喆犇−±≥"
UNKNOWN = "\U0002a6a5"  # four dragons: in no usual font


def chart(*names: str) -> dict:
    values = [{"name": name, "n": i - 1} for i, name in enumerate(names)]
    bars = alt.Chart(alt.Data(values=values)).mark_bar().encode(x="n:Q", y="name:N")
    return bars.to_dict()


def one(spec: dict) -> tuple[str, bytes]:
    [(_, svg, png)] = draw({"one": spec})
    return svg, png


def test_rare_letters_and_the_true_minus_are_outlines_that_need_no_font():
    svg, png = one(chart(f"{RARE}镇小学", "崦山初中"))
    assert "<text" not in svg and "font" not in svg
    assert f'aria-label="{RARE}镇小学"' in svg
    assert 'aria-label="−1.0"' in svg  # an axis label
    defined = set(re.findall(r'<path id="(\w+)" d="M', svg))
    used = set(re.findall(r'href="#(\w+)"', svg))
    assert used == defined and len(used) > len(RARE)
    assert png.startswith(b"\x89PNG")


def test_outlines_are_placed_by_anchor_size_and_line():
    svg = outlined(
        '<svg xmlns="http://www.w3.org/2000/svg">'
        '<text text-anchor="end" font-size="20px" transform="translate(5,6)">中'
        '<tspan x="0" dy="24">文字</tspan></text></svg>'
    )
    groups = re.findall(r"translate\(0,(\S+)\) scale\((\S+),(\S+)\)", svg)
    assert groups == [("0", "0.02", "-0.02"), ("24", "0.02", "-0.02")]
    assert re.findall(r' x="(\S+)"', svg) == ["-1000", "-2000", "-1000"]
    assert 'transform="translate(5,6)"' in svg and 'aria-label="中 文字"' in svg


def test_a_letter_that_the_font_lacks_is_an_error():
    with pytest.raises(MissingGlyphError, match=r"U\+2A6A5"):
        one(chart(f"{UNKNOWN}小学"))


def test_names_are_checked_before_the_run_all_at_once():
    check_drawable(["垚镇小学", "崦山初中", "喆犇小学"])
    with pytest.raises(InputError) as error:
        check_drawable(["好小学", f"{UNKNOWN}小学", f"{UNKNOWN}初中"])
    assert [problem.where for problem in error.value.problems] == [
        f"{UNKNOWN}小学",
        f"{UNKNOWN}初中",
    ]


def test_the_packed_picture_is_the_same_picture():
    svg, png = one(chart("小学"))
    plain = vl_convert.svg_to_png(svg, scale=2)
    assert len(png) < len(plain) and pixels(png) == pixels(plain)


def pixels(png: bytes) -> bytes:
    """The pixel data of a PNG, every check sum of it checked."""
    data, place = b"", 8
    while place < len(png):
        length, kind = struct.unpack_from(">I4s", png, place)
        body = png[place + 8 : place + 8 + length]
        assert struct.unpack_from(">I", png, place + 8 + length)[0] == zlib.crc32(kind + body)
        data += body if kind == b"IDAT" else b""
        place += 12 + length
    return zlib.decompress(data)


def test_same_bytes_whatever_was_drawn_before():
    first = one(chart("甲校", "乙校"))
    one(chart("丙校"))
    assert one(chart("甲校", "乙校")) == first


def test_a_label_is_as_wide_as_its_letters():
    """Vega measures with our font: a longer name moves the plot by the width of its letters."""
    widths = [
        int(re.search(r'width="(\d+)"', one(chart(name))[0])[1]) for name in ("小学", "小学小学")
    ]
    assert widths[1] - widths[0] == pytest.approx(20, abs=1)  # two letters of 10 px
