"""What of a cell may be shown: never somebody's name, never an identity or telephone number.

Rows slip: a name may stand in the column of the sex. So what a column's reader does not know is
shown only if it looks like one of the column's words, or like a date or a number of few digits.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches

from workforce_sim.county.tables.text import as_text, plain, tidy
from workforce_sim.county.tables.values import vocabulary

HIDDEN = "（略）"
MOST_DIGITS = 8
"""More digits in a row are no date: they are a number of a person."""
LONGEST = 40
ALIKE = 0.5
"""How alike, from 0 to 1, an unknown value is to a known word to be shown."""
COMPARED = 200
"""So many unknown values of a column are compared with its words; more are no slips of the pen."""

_MANY_DIGITS = re.compile(rf"\d{{{MOST_DIGITS + 1},}}")
_NUMBER_OR_DATE = re.compile(r"[\d.,:/\-+%年月日号上下半约初末]+")
_SCHOOL = re.compile(
    r"学校|小学|中学|初中|高中|教学点|幼儿园|校区|中心校|一贯制|[一二三四五六七八九十]中|[实附][小中]"
)
_COLUMNS = {"title_post": "title", "specialist": "yes_no"}
_SURNAMES = set(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢"
    "姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
)


class Privacy:
    """Knows the names of a roster while that is read.

    Parameters
    ----------
    names : iterable
        What stands in the columns of names.
    schools : iterable of str
        Names of schools, which may be shown.
    """

    def __init__(self, names: Iterable[object], schools: Iterable[str] = ()) -> None:
        self._schools = {plain(name) for name in schools}
        known = {word for words in vocabulary().values() for word in words} | self._schools
        self._names = {
            name
            for name in {plain(as_text(name)) for name in names}
            if len(name) > 1 and name not in known and not _SCHOOL.search(name)
        }
        self._lengths = sorted({len(name) for name in self._names})
        self._compared: Counter[str] = Counter()

    def unknown(self, key: str, value: object) -> str:
        """Return what may be shown of a value that the reader of column ``key`` does not know."""
        if isinstance(value, dt.date):
            return value.isoformat()[:10]
        text = plain(as_text(value))
        if _NUMBER_OR_DATE.fullmatch(text) or self._is_like_a_word(key, text):
            return self.label(value)
        return HIDDEN

    def school(self, value: object) -> str:
        """Return what may be shown of a school's name: it is known, or reads like a school's."""
        text = plain(as_text(value))
        if text in self._schools:
            return tidy(as_text(value))
        return self.label(value) if _SCHOOL.search(text) else HIDDEN

    def label(self, value: object) -> str:
        """Return a text, shortened, unless a name or many digits are in it."""
        shown = tidy(as_text(value))
        text = plain(shown)
        if _MANY_DIGITS.search(text) or self._has_a_name(text):
            return HIDDEN
        return shown if len(shown) <= LONGEST else shown[:LONGEST] + "…"

    def _has_a_name(self, text: str) -> bool:
        return any(
            text[i : i + length] in self._names
            for length in self._lengths
            for i in range(len(text) - length + 1)
        )

    def _is_like_a_word(self, key: str, text: str) -> bool:
        self._compared[key] += 1
        if self._compared[key] > COMPARED or (len(text) < 5 and text[:1] in _SURNAMES):
            return False
        words = [word for word in vocabulary().get(_COLUMNS.get(key, key), ()) if len(word) > 1]
        return bool(get_close_matches(text, words, n=1, cutoff=ALIKE))
