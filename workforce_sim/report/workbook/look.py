"""How the workbook looks: the form of each kind of cell, colours, widths of Chinese text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

from workforce_sim.report.charts.schools import GROUPS
from workforce_sim.report.charts.style import INK

HEADING, LINE, NOTE, WARNING = "#e8edf3", "#d0d7de", "#666666", "#b03a00"
WIDEST = 66
"""Width, in digits, from which a text is broken into lines."""


@dataclass(frozen=True)
class Form:
    """How the cells of a column are written.

    Attributes
    ----------
    number : str
        Excel's number format.
    width : float
        Width of the column, in digits; 0 to measure its texts.
    classes : "good", "bad" or ""
        Whether the cells are probabilities that are coloured by class: of something good, or bad.
    colour : str
        Of the letters.
    align : str
        How numbers stand in their cells.
    """

    number: str = "General"
    width: float = 0
    classes: Literal["good", "bad", ""] = ""
    colour: str = INK
    align: str = "right"


TEXT = Form(align="left")
YEAR = Form("0", 8, align="center")
COUNT = Form("#,##0", 9)
PEOPLE = Form("#,##0.0", 9)
MONEY = Form("#,##0", 10)
RATIO = Form("[>=100]#,##0;0.00", 9)  # yuan are whole
COEFFICIENT = Form("0.000", 9)
SHARE = Form("0.0%", 9)
ERROR = Form('"±"0.0%', 8, colour=NOTE)
GOOD = Form("0.0%", 9, "good", align="center")
BAD = Form("0.0%", 9, "bad", align="center")
FIGURE = Form("General", 12)
"""A figure as it was written: 1433, or 11.74."""


def classes(form: Form) -> list[tuple[float, str, str]]:
    """Return the classes of a probability: from this value on, colour of cell and of letters.

    The same classes and colours as in the charts; those of something bad are turned round.
    """
    groups = [group for group in GROUPS.values() if group.least == group.least]
    colours = [group.colour for group in groups]
    if form.classes == "bad":
        colours.reverse()
    return [
        (group.least, colour, letters_on(colour))
        for group, colour in zip(groups, colours, strict=True)
    ]


def letters_on(colour: str) -> str:
    """Return white or ink, whichever is read better on a colour."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#ffffff" if 0.299 * red + 0.587 * green + 0.114 * blue < 128 else INK


def width(text: object) -> int:
    """Return how many digits wide a text is: a Chinese letter is as wide as two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in str(text))


def lines(text: str, room: float) -> int:
    """Return on how many lines a text stands in a cell of that width, in digits."""
    return sum(max(1, -(-width(part) // max(1, int(room)))) for part in text.split("\n"))
