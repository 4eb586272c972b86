"""From what a cell says to what it means: the words and the numbers of rosters and school tables.

A reader of a column takes one cell and returns a whole number, or ``BLANK``; it raises `Unreadable`
for anything that it does not know for certain.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources

from ruamel.yaml import YAML

from workforce_sim.county.model import DEGREES, SEXES, SUBJECTS
from workforce_sim.county.tables.text import as_text, plain
from workforce_sim.scenario.schema import AREAS, STAGES

BLANK = -1
NONE_WORDS = {"", "/", "-", "--", "—", "——", "\\", "无", "空", "没有", "none", "n/a"}

TITLES = ("not_senior", "senior")
POSTS = ("other", "worker")
BACKBONE = ("none", "county", "below_county")
ALL_STAGES = (*STAGES, "senior_high", "kindergarten")
DUTIES = ("on_duty", "retired", "resigned", "moved", "died", "off_duty")
STAFFINGS = ("established", "contract")
KINDS = (*STAGES, "both", "outside", "special")
WITH_SENIOR_HIGH = ("完全中学", "完中", "十二年")
"""Schools of these kinds have teachers outside compulsory education too."""


class Unreadable(ValueError):  # noqa: N818 - nothing is wrong with the program
    """A cell that says nothing known; ``code`` is the finding's."""

    def __init__(self, code: str = "unreadable") -> None:
        self.code = code
        super().__init__(code)


Reader = Callable[[object], int]


@cache
def vocabulary() -> dict[str, dict[str, str]]:
    """Return the words for each meaning of each column: ``vocabulary.yaml``, word to meaning."""
    text = (resources.files("workforce_sim.county.tables") / "vocabulary.yaml").read_text("utf-8")
    return {
        column: {
            word: meaning for meaning, words in meanings.items() for word in str(words).split()
        }
        for column, meanings in YAML(typ="safe", pure=True).load(text).items()
    }


def by_words(column: str, meanings: Sequence[str], strip: str = r"\(.*\)") -> Reader:
    """Return a reader of words; ``strip`` is a pattern of parts that change no meaning."""
    codes = {word: meanings.index(meaning) for word, meaning in vocabulary()[column].items()}
    pattern = re.compile(strip)

    def read(value: object) -> int:
        text = plain(as_text(value))
        if text in codes:
            return codes[text]
        if text in NONE_WORDS:
            return BLANK
        if (short := pattern.sub("", text)) in codes:
            return codes[short]
        raise Unreadable

    return read


read_sex = by_words("sex", SEXES)
read_yes_no = by_words("yes_no", ("no", "yes"))
read_degree = by_words("degree", DEGREES, r"非?全日制|在职|函授|自考|成人|毕业|学历|\(.*\)")
read_post = by_words("post", POSTS)
read_backbone = by_words("backbone", BACKBONE, r"骨干教师|骨干|学科带头人|\(.*\)")
read_stage = by_words("stage", ALL_STAGES)
read_duty = by_words("duty", DUTIES)
read_staffing = by_words("staffing", STAFFINGS)
read_kind = by_words("kind", KINDS, r"^(公办|民办|普通|农村|县办|乡办)|\(.*\)")
read_area = by_words("area", AREAS)

# --- titles ---------------------------------------------------------------------------------------

NOT_SENIOR, SENIOR = TITLES.index("not_senior"), TITLES.index("senior")
LOWEST_SENIOR_LEVEL, LOWEST_LEVEL = 7, 13
"""Levels of 专业技术岗位: 1-4 正高, 5-7 副高, 8-10 中级, 11-13 初级."""
TITLE_LEVELS = 3
"""一级 to 三级 alone are titles of teachers, not levels of posts."""

_TENS = "十", "十一", "十二", "十三"
_LEVELS = {word: n for n, word in enumerate((*"一二三四五六七八九", *_TENS), 1)}
_POST_LEVEL = re.compile(
    r"((?:专业技术|专技)岗?位?|专任教师|教师)?(十[一二三]?|[一二三四五六七八九]|\d{1,2})级(岗位?)?"
)
_title_word = by_words("title", TITLES, r"教师|老师|职称|中小学|任职资格|资格|\(.*\)")


def read_title(value: object) -> int:
    """Return 1 for 副高 and above, else 0: a title, old or new, or the level of a post."""
    text = plain(as_text(value))
    if re.match(r"工勤|技术工|管理|.*职员", text):
        return NOT_SENIOR
    try:
        return _title_word(value)
    except Unreadable:
        found = _POST_LEVEL.fullmatch(text)
        if found is None:
            raise
        level = _LEVELS.get(found[2]) or int(found[2])
        named = found[1] or found[3]
        if not 1 <= level <= LOWEST_LEVEL or (level <= TITLE_LEVELS and not named):
            raise
        return SENIOR if level <= LOWEST_SENIOR_LEVEL else NOT_SENIOR


# --- subjects -------------------------------------------------------------------------------------

_subject_word = by_words("subject", SUBJECTS, r"教师|老师|学科|^小学|^初中|^中学|\(.*\)")
_ARTS = {"体育": "pe", "音乐": "music", "美术": "art"}
_ALL_ARTS = {"音体美": "music", "体音美": "pe", "体美": "pe", "音美": "music", "体艺": "pe"}
_BETWEEN = re.compile(r"[、,/;+和与及兼]")


def read_subject(value: object) -> tuple[int, str]:
    """Return the subject's position in ``SUBJECTS`` (or BLANK), and what to say of it, or ""."""
    text = plain(as_text(value))
    try:
        return _subject_word(value), ""
    except Unreadable:
        pass
    first, *others = _BETWEEN.split(text)
    if others and first in vocabulary()["subject"]:
        return SUBJECTS.index(vocabulary()["subject"][first]), "subject_several"
    if named := sorted((text.index(word), code) for word, code in _ARTS.items() if word in text):
        return SUBJECTS.index(named[0][1]), "subject_several"
    if text in _ALL_ARTS:
        return SUBJECTS.index(_ALL_ARTS[text]), "subject_several"
    if text in ("艺术", "艺术教育"):
        return SUBJECTS.index("art"), "subject_arts"
    return SUBJECTS.index("other"), "subject_unknown"


# --- numbers --------------------------------------------------------------------------------------

MOST = 10_000_000
_UNIT = re.compile(r"([人名所个元间]|m2|平方米)$")


def read_number(value: object) -> float | None:
    """Return a number, or None for a blank."""
    if isinstance(value, bool | dt.date | dt.time | dt.timedelta):
        raise Unreadable("number_unreadable")
    if isinstance(value, int | float):
        return float(value)
    text = _UNIT.sub("", plain(as_text(value))).replace(",", "")
    if text in NONE_WORDS:
        return None
    if not re.fullmatch(r"[+-]?\d{1,12}(\.\d{1,12})?", text):
        raise Unreadable("number_unreadable")
    return float(text)


def read_amount(value: object) -> float | None:
    """Return a number that is not negative, or None for a blank."""
    number = read_number(value)
    if number is not None and number < 0:
        raise Unreadable("amount_negative")
    return number


def read_count(value: object) -> int:
    """Return a whole number that is not negative, or BLANK."""
    number = read_number(value)
    if number is None:
        return BLANK
    if not number.is_integer() or not 0 <= number < MOST:
        raise Unreadable("number_unreadable")
    return int(number)
