"""The report as one page: a file that asks no address for anything, on screen and on paper.

Its charts answer to the mouse: Vega and the charts' descriptions are in the file, and so are the
letters that it uses, for a machine without a Chinese font. Whatever comes from the data is escaped,
and a policy in the page's head lets no script run but the two whose digests it names.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from workforce_sim.law import load_retirement_law, load_standard
from workforce_sim.report import narrative
from workforce_sim.report.charts.style import provenance_line
from workforce_sim.report.narrative.grounds import scope
from workforce_sim.report.narrative.phrases import county_name
from workforce_sim.report.page import tables
from workforce_sim.report.page.chart_tables import of_chart
from workforce_sim.report.pictures import FONT, web_font
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection
    from workforce_sim.decision.study import Study
    from workforce_sim.report.page.table import Table

FONT_HERE = "/* letters */"
"""Stands in the style sheet, before anything of the data, where the font is put in the end."""

SECTIONS = (
    *("asked", "answer", "verdict", "baseline", "evidence"),
    *("schools", "duties", "assumptions", "limits", "origin"),
)
Spec = dict[str, Any]


def page(projection: Projection, specs: Mapping[str, Spec], words: Words) -> str:
    """Return the report as HTML.

    Parameters
    ----------
    projection : Projection
        What to report.
    specs : mapping
        Its charts by name, as Vega-Lite; see `workforce_sim.report.charts.charts`.
    words : Words
        The language.
    """
    words = words.about(projection)
    charts = {name: figure(spec, of_chart(name, projection, words)) for name, spec in specs.items()}
    return rendered(
        "page.html",
        projection,
        specs,
        words,
        sections=SECTIONS,
        narrative=narrative,
        projection=projection,
        charts=charts,
    )


def rendered(
    template: str, study: Study, specs: Mapping[str, Spec], words: Words, **more: object
) -> str:
    """Return a template of this folder filled in, with charts, scripts and letters.

    Parameters
    ----------
    template : str
        Its file.
    study : Study
        Its title, county, origin and judged year.
    specs : mapping
        The charts by name, as Vega-Lite.
    words : Words
        The language.
    **more
        What else the template names.
    """
    library, script = _library(), _part("page.js")
    environment = Environment(
        loader=PackageLoader("workforce_sim.report", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    scenario = study.scenario
    title = scenario.title if words.language == "zh" else scenario.title_en
    context = {
        "title": title or scenario.name,
        "origin": provenance_line(study, words),
        "synthetic": study.county.synthetic,
        **more,
    }
    html = environment.get_template(template).render(
        context,
        words=words,
        study=study,
        tables=tables,
        county=county_name(study, words),
        caveat=scope(study, words),
        judged=str(scenario.judged_year),
        laws=[load_standard(), load_retirement_law()],
        font=FONT,
        style=_part("page.css"),
        specs=_json({name: _bare(spec) for name, spec in specs.items()}),
        library=library,
        script=script,
        digests=" ".join(f"'sha256-{_digest(text)}'" for text in (library, script)),
    )
    face = f'@font-face {{ font-family: "{FONT}"; src: url(data:font/woff;base64,'
    letters = base64.b64encode(web_font(html)).decode()
    return html.replace(FONT_HERE, f"{face}{letters}); }}", 1)


def figure(spec: Spec, table: Table | None = None) -> dict[str, Any]:
    """Return a chart's heading, its caption, and its numbers as a table, if there is one."""
    caption, origin = spec["title"]["subtitle"]
    return {
        "title": spec["title"]["text"],
        "caption": caption,
        "origin": origin,
        "table": table,
    }


def _bare(spec: Spec) -> Spec:
    """Return a chart without what the page says around it."""
    left = {key: value for key, value in spec.items() if key not in ("$schema", "title")}
    return {**left, "description": spec["title"]["text"], "padding": 4}


def _json(data: object) -> str:
    """Return JSON that no text in it can break out of, whatever it is, inside a script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


@cache
def _library() -> str:
    """Return Vega-Embed with all it needs as one script; it takes a second, so once a process."""
    import vl_convert

    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")


def _part(name: str) -> str:
    return (resources.files(__name__) / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
