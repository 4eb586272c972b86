"""A Word document in few verbs: paragraphs, tables, pictures, a footer, and always the same bytes.

Lines have one height whatever fonts the machine has, so that a page holds the same everywhere.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor
from rich.cells import cell_len

if TYPE_CHECKING:
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

FONTS = {  # Latin and East Asian, of the text and of headings; every Word has them
    "zh": (("Times New Roman", "宋体"), ("Arial", "黑体")),
    "en": (("Arial", "宋体"), ("Arial", "黑体")),
}
STYLES = (  # name, of the text or of headings, size in points, room before and after it
    ("Normal", 0, 10, 0, 4),
    ("Title", 1, 18, 0, 4),
    ("Heading 1", 1, 12, 7, 3),
    ("List Bullet", 0, 9, 0, 1),
)
INK, GREY = RGBColor(0x08, 0x30, 0x6B), RGBColor(0x55, 0x55, 0x55)
CELL_SIZE, LINE_HEIGHT = 8.5, 1.42
"""Size of the letters in tables, in points; height of a line in sizes of its letters."""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def safe(text: str) -> str:
    """Return a text on one line, with a mark for each letter that XML cannot hold."""
    return re.sub(r"\s", " ", _NOT_XML.sub("\ufffd", text))


class Word:
    """An A4 document in the making.

    Parameters
    ----------
    title : str
        The title in its properties.
    language : "zh" or "en"
        Of its text: it decides on the fonts.
    """

    width_cm = 18.0
    """Width of the text."""

    def __init__(self, title: str, language: str) -> None:
        self._document = docx.Document()
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm((21 - self.width_cm) / 2)
        section.top_margin, section.bottom_margin = Cm(1.4), Cm(1.5)
        section.footer_distance = Cm(0.7)
        for name, kind, size, before, after in STYLES:
            style = self._document.styles[name]
            _set_fonts(style.element.get_or_add_rPr(), *FONTS[language][kind])
            style.font.size, style.font.bold = Pt(size), name == "Heading 1"
            style.font.color.rgb = INK if kind else None
            style.paragraph_format.space_before = Pt(before)
            style.paragraph_format.space_after = Pt(after)
        properties = self._document.core_properties
        properties.title = safe(title)
        properties.author = properties.last_modified_by = "workforce-sim"
        properties.comments, properties.language = "", {"zh": "zh-CN"}.get(language, language)
        for name in ("created", "modified"):  # of the template; and nothing of ours tells the time
            for element in properties._element.findall(qn(f"dcterms:{name}")):
                properties._element.remove(element)

    def title(self, text: str) -> None:
        """Add the title."""
        self._document.add_paragraph(safe(text), style="Title")

    def heading(self, text: str, *, new_page: bool = False) -> None:
        """Add a heading, on a new page if so wished."""
        added = self._document.add_heading(safe(text), 1)
        added.paragraph_format.page_break_before = new_page

    def paragraph(self, text: str, *, size: float = 10, grey: bool = False) -> None:
        """Add a paragraph of text."""
        added = self._document.add_paragraph()
        added.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        _write(added, text, size, grey)

    def height_cm(self, texts: Sequence[str], size: float) -> float:
        """Return about how high these texts become, each a paragraph of its own."""
        cells = self.width_cm / (size * 0.0176)  # half a letter is so wide; a point 0.0353 cm
        lines = sum(math.ceil(cell_len(safe(text)) / cells) for text in texts)
        return lines * LINE_HEIGHT * size * 0.0353

    def bullets(self, texts: Sequence[str], *, size: float = 9) -> None:
        """Add a list."""
        for text in texts:
            _write(self._document.add_paragraph(style="List Bullet"), text, size)

    def table(
        self,
        headings: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths_cm: Sequence[float],
        texts: Collection[int],
    ) -> list[list[_Cell]]:
        """Add a table and return the cells of its rows.

        Its heading is repeated where it runs onto a page. Columns stand to the right, but for
        those of ``texts``.
        """
        table = self._document.add_table(rows=0, cols=len(headings), style="Table Grid")
        table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
        for texts_of_row in (headings, *rows):
            row = table.add_row()
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for column, (cell, text) in enumerate(zip(row.cells, texts_of_row, strict=True)):
                cell.width = Cm(widths_cm[column])
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.space_after = Pt(0)
                if column not in texts:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                _write(paragraph, text, CELL_SIZE)
        for column, width in zip(table.columns, widths_cm, strict=True):
            column.width = Cm(width)
        first, *others = table.rows
        first._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for cell in first.cells:
            fill(cell, "E7E6E6")
            embolden(cell)
        return [list(row.cells) for row in others]

    def picture(self, png: bytes, described: str, *, widest_cm: float, highest_cm: float) -> None:
        """Add a picture as large as may be, and its text for those who do not see it."""
        added = self._document.add_paragraph()
        added.alignment = WD_ALIGN_PARAGRAPH.CENTER
        picture = added.add_run().add_picture(io.BytesIO(png), width=Cm(widest_cm))
        if picture.height > (highest := Cm(highest_cm)):
            picture.width = Emu(picture.width * highest // picture.height)
            picture.height = highest
        picture._inline.docPr.set("descr", safe(described))

    def footer(self, text: str, page: str) -> None:
        """Add a footer: a text, and ``page`` with ``{page}`` and ``{pages}`` to be filled in."""
        paragraph = self._document.sections[0].footer.paragraphs[0]
        for part in re.split(r"(\{pages?\})", text + page):
            run = _write(paragraph, "2" if part.startswith("{") else part, 7.5, grey=True)
            if part.startswith("{"):  # Word writes the number in place of the 2
                field = OxmlElement("w:fldSimple")
                field.set(qn("w:instr"), "PAGE" if part == "{page}" else "NUMPAGES")
                run._r.addprevious(field)
                field.append(run._r)

    def packed(self) -> bytes:
        """Return the file; its parts are dated 1980, so that the same content is the same bytes."""
        saved, packed = io.BytesIO(), io.BytesIO()
        self._document.save(saved)
        with zipfile.ZipFile(saved) as old, zipfile.ZipFile(packed, "w") as new:
            for name in old.namelist():
                part = zipfile.ZipInfo(name)
                part.compress_type, part.create_system = zipfile.ZIP_DEFLATED, 0
                new.writestr(part, old.read(name))
        return packed.getvalue()


def fill(cell: _Cell, colour: str) -> None:
    """Colour a cell: six hexadecimal digits."""
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:color"), "auto")
    shading.set(qn("w:fill"), colour)
    cell._element.get_or_add_tcPr().append(shading)


def embolden(cell: _Cell) -> None:
    """Make the text of a cell bold."""
    for run in cell.paragraphs[0].runs:
        run.font.bold = True


def _set_fonts(properties: Any, latin: str, chinese: str) -> None:
    """Name the fonts of a style; the theme's would win over them, so it goes."""
    fonts = properties.get_or_add_rFonts()
    fonts.attrib.clear()
    for kind in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{kind}"), latin)
    fonts.set(qn("w:eastAsia"), chinese)


def _write(paragraph: Paragraph, text: str, size: float, grey: bool = False) -> Run:
    run = paragraph.add_run(safe(text))
    run.font.size = Pt(size)
    if grey:
        run.font.color.rgb = GREY
    # Quotation marks and dashes are as wide as Chinese letters among them, and not in English.
    if any("一" <= letter <= "鿿" for letter in text):
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.paragraph_format.line_spacing = Pt(round(LINE_HEIGHT * size, 1))
    return run
