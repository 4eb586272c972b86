"""What the county states, beside what its schools and staff add up to: no difference is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from workforce_sim.county.model import INDICATOR_OF, County
from workforce_sim.county.sections import shared_by_sections
from workforce_sim.law import load_standard
from workforce_sim.scenario.schema import ARTS_PE, FACILITIES, STAGES


class Words(NamedTuple):
    """The same in Chinese and in English."""

    zh: str
    en: str


NONE = Words("", "")


@dataclass(frozen=True)
class Figure:
    """One stated figure.

    Attributes
    ----------
    figure, figure_en : str
        What it is, in Chinese and in English.
    stated : float
        As the county writes it.
    recomputed : float
        From the schools and the staff; not a number where there is nothing to compute it from.
    agrees : bool
        Whether the two are equal when the second is rounded as the first is written.
    note, note_en : str
        What would explain a difference, or what else should be known.
    """

    figure: str
    figure_en: str
    stated: float
    recomputed: float
    agrees: bool
    note: str
    note_en: str

    @classmethod
    def of(cls, figure: Words, stated: float, recomputed: float, note: Words = NONE) -> Figure:
        """Return a figure; it agrees if ``recomputed`` rounds to ``stated`` as that is written."""
        agrees = rounds_to(recomputed, stated)
        return cls(figure.zh, figure.en, stated, recomputed, agrees, note.zh, note.en)


STAGE_WORDS = {"primary": Words("小学", "Primary"), "junior": Words("初中", "Junior")}
SUBJECT_WORDS = {
    "pe": Words("体育", "PE"),
    "music": Words("音乐", "Music"),
    "art": Words("美术", "Art"),
}
COUNT_WORDS = {
    "schools": Words("学校数", "schools"),
    "pupils": Words("在校学生", "pupils"),
    "staff": Words("教职工", "staff"),
    "degree": Words("本科及以上学历教职工", "staff with 本科 and above"),
    "backbone": Words("县级以上骨干教师", "backbone teachers, county level and above"),
    "teachers": Words("教师", "teachers"),
    "specialists": Words("专业教师", "specialists"),
}
RATIO_WORDS = {
    "degree_percent": Words("本科及以上学历所占比例（%）", "share with 本科 and above, %"),
    "degree_per_100_pupils": Words(
        "每百名学生拥有本科及以上学历教师数", "staff with 本科 and above per 100 pupils"
    ),
    "backbone_per_100_pupils": Words(
        "每百名学生拥有县级以上骨干教师数", "backbone teachers per 100 pupils"
    ),
    "specialists_per_100_pupils": Words(
        "每百名学生拥有音体美专业教师数", "Specialists of PE, music and art per 100 pupils"
    ),
}
SPECIAL = Words("特殊教育学校", "Special education")
ON_THE_BOOKS = Words(
    "仅在册：不参与模拟，不按比率评估", "on the books only: not simulated, not judged by ratios"
)


def reconcile(county: County) -> list[Figure]:
    """Compare every count and ratio that the county states with its schools and staff.

    Parameters
    ----------
    county : County

    Returns
    -------
    list of Figure
        Counts of the stages, of the subjects, of special schools; the total and the ratios; then
        the averages of facilities.
    """
    return [*_counts(county), *_total(county), *_ratios(county), *_facilities(county)]


def _counts(county: County) -> Iterator[Figure]:
    if county.published is None:
        return
    for stage in STAGES:
        published = county.published.stage(stage)
        for name, number in county.stage_counts(stage).items():
            yield Figure.of(
                _of(STAGE_WORDS[stage], COUNT_WORDS[name]), getattr(published, name), number
            )
    for subject in ARTS_PE:
        teachers = county.published.subject(subject)
        for name, number in county.subject_counts(subject).items():
            yield Figure.of(
                _of(SUBJECT_WORDS[subject], COUNT_WORDS[name]), getattr(teachers, name), number
            )
    for name in ("schools", "pupils", "staff"):
        stated, number = getattr(county.published.special, name), getattr(county.special, name)
        yield Figure.of(_of(SPECIAL, COUNT_WORDS[name]), stated, number, ON_THE_BOOKS)


def _total(county: County) -> Iterator[Figure]:
    if county.stated.staff is not None:
        yield Figure.of(
            Words("小学和初中教师合计", "Staff of both stages"), county.stated.staff, county.size
        )


def _ratios(county: County) -> Iterator[Figure]:
    for stage in STAGES:
        counts, stated = county.stage_counts(stage), getattr(county.stated, stage)
        for name, part, whole in (
            ("degree_percent", "degree", "staff"),
            ("degree_per_100_pupils", "degree", "pupils"),
            ("backbone_per_100_pupils", "backbone", "pupils"),
        ):
            if (figure := getattr(stated, name)) is not None:
                label = _of(STAGE_WORDS[stage], RATIO_WORDS[name])
                note = _explained(figure, counts[part], counts[whole], COUNT_WORDS[whole])
                yield Figure.of(label, figure, _per_100(counts[part], counts[whole]), note)
    if county.stated.specialists_per_100_pupils is not None:
        yield _specialists(county, county.stated.specialists_per_100_pupils)


def _specialists(county: County, stated: float) -> Figure:
    pupils = int(county.schools.size.sum())
    counts = {subject: county.subject_counts(subject) for subject in ARTS_PE}
    specialists, teachers = (
        sum(n[k] for n in counts.values()) for k in ("specialists", "teachers")
    )
    ratio = _per_100(specialists, pupils)
    notes = [_explained(stated, specialists, pupils, COUNT_WORDS["pupils"])]
    for subject, n in counts.items():
        alone = _per_100(n["specialists"], pupils)
        if not rounds_to(ratio, stated) and rounds_to(alone, stated):
            zh, en = SUBJECT_WORDS[subject]
            notes.append(
                Words(
                    f"仅{zh}一科为{alone:.3f}，与所述相符",
                    f"{en} alone is {alone:.3f}, which agrees",
                )
            )
    all_teachers = f"{_per_100(teachers, pupils):.3f}"
    notes.append(
        Words(
            f"国家口径计全部任课教师，为{all_teachers}",
            f"all teachers, as the national rule counts: {all_teachers}",
        )
    )
    note = Words("；".join(n.zh for n in notes), "; ".join(n.en for n in notes))
    return Figure.of(RATIO_WORDS["specialists_per_100_pupils"], stated, ratio, note)


def _facilities(county: County) -> Iterator[Figure]:
    """Yield the averages of L4 to L7; a nine-year school's are shared between its sections."""
    if county.published is None or county.published.facilities is None:
        return
    schools = county.schools
    amounts = shared_by_sections(schools.facilities, schools.size, schools)
    for stage in STAGES:
        here = (schools.stage == STAGES.index(stage)) & (schools.size > 0)
        total, pupils = amounts[here].sum(axis=0), int(schools.size[here].sum())
        averages = zip(FACILITIES, county.published.facilities[stage], total, strict=True)
        for item, stated, amount in averages:
            if stated is None:
                continue
            indicator = load_standard().indicator(INDICATOR_OF[item])
            per, english = indicator.per_pupils, indicator.en[0].lower() + indicator.en[1:]
            what = Words(
                f"{indicator.zh}（{indicator.unit_zh}）", f"{english}, {indicator.unit_en}"
            )
            times = f" × {per}" if per > 1 else ""
            note = Words(
                f"{amount:.10g}÷{pupils}{times.replace(' ', '')}",
                f"{amount:.10g} / {pupils}{times}",
            )
            if np.isnan(amount):
                note = Words("并非各校都填报", "not told of every school")
            figure = per * float(amount) / pupils if pupils else float("nan")
            yield Figure.of(_of(STAGE_WORDS[stage], what), stated, figure, note)


def _explained(stated: float, part: int, whole: int, of: Words) -> Words:
    """Return the division, and what the stated figure would need instead if it differs."""
    zh, en = f"{part}÷{whole}×100", f"{part} / {whole} × 100"
    if stated and not rounds_to(_per_100(part, whole), stated):
        needed, wider = f"{stated * whole / 100:.0f}", f"{100 * part / stated:.0f}"
        zh += f"；按所述应为{needed}人，或{of.zh}{wider}人"
        en += f"; as stated it would be {needed}, or {wider} {of.en}"
    return Words(zh, en)


def _per_100(part: int, whole: int) -> float:
    return 100 * part / whole if whole else float("nan")


def rounds_to(value: float, written: float) -> bool:
    """Say whether ``value`` agrees with a figure to the decimals with which that is written."""
    figure = Decimal(repr(written))
    half_a_unit = Decimal(1).scaleb(int(figure.as_tuple().exponent)) / 2
    return value == value and abs(Decimal(repr(value)) - figure) <= half_a_unit


def _of(whose: Words, what: Words) -> Words:
    return Words(f"{whose.zh}：{what.zh}", f"{whose.en}: {what.en}")
