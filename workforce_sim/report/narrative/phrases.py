"""How a sentence names things: a county, a school, an indicator, years, people, probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from workforce_sim.report.numbers import chance, number
from workforce_sim.words import Words

if TYPE_CHECKING:
    from workforce_sim.assessment.projection import Projection
    from workforce_sim.decision.study import Study

CLASSES = {"sure": 0.95, "likely": 0.6, "either": 0.4, "unlikely": 0.05, "lost": 0.0}
"""Words for a probability, each with the least probability for which it is used."""
WIDEST = 0.2
"""No word is given where the 95% interval of the probability is wider: too few replications."""

_ZH = "零一二三四五六七八九十"
_EN = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]

Row = Mapping[Any, Any] | pd.Series


def odds(row: Row, name: str = "p") -> str:
    """Return the class of the probability ``row[name]``, or ``unclear``."""
    if row[f"{name}_high"] - row[f"{name}_low"] > WIDEST:
        return "unclear"
    return next(word for word, least in CLASSES.items() if row[name] >= least)


def said(row: Row, words: Words, name: str = "p") -> str:
    """Write a probability with its Monte Carlo error as it is read in a sentence."""
    text = chance(row, name)
    for sign, key in (("≥ ", "phrase.at_least"), ("≤ ", "phrase.at_most")):
        if text.startswith(sign):
            return words(key, p=text.removeprefix(sign))
    return text.replace(" ", "") if words.language == "zh" else text


def ratio(value: float, indicator: str, words: Words) -> str:
    """Write a ratio with its unit: ``4.50 m² per pupil``."""
    return words(f"ratio.{indicator}", n=number(value))


def counted(n: int, words: Words) -> str:
    """Write a small number in words: 七, seven."""
    digits = _ZH if words.language == "zh" else _EN
    return digits[n] if n < len(digits) else str(n)


def codes(indicators: Sequence[str], words: Words) -> str:
    """Write indicators by their codes: ``L1-L3, L5``."""
    runs: list[list[str]] = []
    for code in indicators:
        if runs and int(code[1:]) == int(runs[-1][-1][1:]) + 1:
            runs[-1].append(code)
        else:
            runs.append([code])
    return words("mark.enum").join(
        words("phrase.codes", first=run[0], last=run[-1])
        if len(run) > 2
        else words("mark.enum").join(run)
        for run in runs
    )


def county_name(study: Study, words: Words) -> str:
    """Return the county's name in the language of the words."""
    county = study.county
    return county.name if words.language == "zh" else county.name_en or county.name


def school_name(projection: Projection, row: Row, words: Words) -> str:
    """Return a school's name, with the stage where two sections bear the same name."""
    schools = projection.schools
    stages = schools["stage"][schools["school"] == row["school"]]
    if stages.nunique() < 2:
        return str(row["school"])
    return words("phrase.section", school=row["school"], stage=words(f"stage.{row['stage']}"))


def teachers(indicator: str, words: Words) -> str:
    """Return what an indicator counts: ``PE and arts teachers (L3)``."""
    return words("phrase.teachers", name=indicator_name(indicator, words), code=indicator)


def measure(row: Row, words: Words) -> str:
    """Return the stage and what its indicator counts."""
    return words(
        "phrase.measure",
        stage=within(words(f"stage.{row['stage']}")),
        teachers=teachers(row["indicator"], words),
    )


def indicator_name(indicator: str, words: Words) -> str:
    """Return the name of an indicator without its code, within a sentence."""
    return within(words(f"indicator.{indicator}").removeprefix(f"{indicator} "))


def within(text: str) -> str:
    """Return a name as it reads within a sentence: "backbone teachers", but "PE teachers"."""
    return text if text[1].isupper() else text[0].lower() + text[1:]


def span(first: int, last: int, words: Words) -> str:
    """Write years: ``2021–2025``, or the only one."""
    if first == last:
        return words("phrase.year", year=first)
    return words("phrase.years", first=first, last=last)


def people(count: float) -> str:
    """Write a number of people: whole, or with one decimal where it is small and not whole."""
    return f"{count:.0f}" if count >= 10 or float(count).is_integer() else f"{count:.1f}"


def enumerated(items: Sequence[str], words: Words) -> str:
    """Write a list as part of a sentence: ``A, B and C``."""
    *most, last = items
    return words("mark.and").join([words("mark.enum").join(most), last]) if most else last


def joined(sentences: Sequence[str], words: Words) -> str:
    """Put sentences one after the other; English has a space between them."""
    return ("" if words.language == "zh" else " ").join(sentences)


def baseline_year(projection: Projection) -> int:
    """Return the year of the baseline census, which stands first in the tables."""
    return int(projection.ratios["year"].min())


def when_judged(frame: pd.DataFrame, projection: Projection) -> pd.DataFrame:
    """Return the rows of the judged year."""
    return frame[frame["year"] == projection.scenario.judged_year]


def all_stages(projection: Projection) -> str:
    """Return the stage that stands for the whole county: ``both``, or the only one."""
    stages = projection.pupils["stage"]
    return "both" if "both" in set(stages) else str(stages.iloc[0])
