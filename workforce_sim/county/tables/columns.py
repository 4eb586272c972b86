"""The tables of a county as an officer fills them in: one definition for who reads and who writes.

The reader knows a column by its header, its English header or a synonym, whatever the order, the
spaces and the width of the characters. The template and the export write the header.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from workforce_sim.county.spec import FACILITY_AVERAGES
from workforce_sim.scenario.schema import FACILITIES

EXAMPLE, EXPLANATION = "示例", "说明"
"""A row whose first cell begins with one of these words is left out (and counted)."""


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    key : str
        Its name in the program; its explanation is the word ``help_<layout>.<key>``.
    header, header_en : str
        As the template writes it.
    synonyms : tuple of str
        What other systems call it.
    required : bool
        Whether a table without it is an error.
    values : tuple of str
        The words of a drop-down list, or none.
    width : int
        In characters.
    private : bool
        Names, identity numbers: never shown, never kept.
    """

    key: str
    header: str
    header_en: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    values: tuple[str, ...] = ()
    width: int = 14
    private: bool = False


@dataclass(frozen=True)
class Layout:
    """The columns of one kind of sheet.

    Attributes
    ----------
    name : str
        roster, schools, enrolment, county or policy.
    sheet, sheet_en : str
        As the template names the sheet; the reader goes by the header, not by this name.
    columns : tuple of Column
    marks : tuple of str
        A sheet is of this kind only if it has all these columns.
    """

    name: str
    sheet: str
    sheet_en: str
    columns: tuple[Column, ...]
    marks: tuple[str, ...]

    @cached_property
    def by_key(self) -> dict[str, Column]:
        """The columns by their keys."""
        return {column.key: column for column in self.columns}


YES_NO = ("是", "否")
SEX_WORDS = ("男", "女")
STAGE_WORDS = ("小学", "初中")
AREA_WORDS = ("县城", "镇区", "乡村")
DEGREE_WORDS = ("研究生", "本科", "专科", "专科以下")
TITLE_WORDS = (
    "正高级教师",
    "高级教师",
    "一级教师",
    "二级教师",
    "三级教师",
    "未取得职称",
)
POST_WORDS = ("专业技术", "管理", "工勤")
BACKBONE_WORDS = ("国家级", "省级", "市级", "县级", "无")
STAFFING_WORDS = ("编内", "编外")
DUTY_WORDS = ("在岗", "退休", "离职", "调出", "死亡")
SUBJECT_WORDS = (
    *("语文", "数学", "英语", "道德与法治", "科学", "历史", "地理", "物理", "化学", "生物"),
    *("体育", "音乐", "美术", "信息技术", "综合实践", "心理健康", "其他"),
)
KIND_WORDS = (
    *("小学", "教学点", "初级中学", "九年一贯制学校", "完全中学", "十二年一贯制学校"),
    *("特殊教育学校", "幼儿园", "高级中学"),
)

ROSTER = Layout(
    "roster",
    "花名册",
    "Roster",
    (
        Column("number", "序号", "No.", ("编号", "序", "行号"), width=6),
        Column(
            "school",
            "单位全称",
            "School",
            (
                *("学校", "学校名称", "单位", "单位名称", "现单位", "现任教学校", "任教学校"),
                *("工作单位", "现工作单位", "所在学校", "所在单位", "学校全称", "任职学校"),
            ),
            required=True,
            width=24,
        ),
        Column("name", "姓名", "Name", ("教师姓名", "名字"), width=10, private=True),
        Column(
            "id_number",
            "身份证号码",
            "ID number",
            (
                *("身份证号", "身份证", "身份证件号码", "身份证件号", "公民身份号码"),
                *("公民身份证号码", "居民身份证号码", "居民身份证号", "证件号码", "证件号"),
            ),
            width=22,
            private=True,
        ),
        Column("sex", "性别", "Sex", ("性別", "gender"), values=SEX_WORDS, width=6),
        Column(
            "birth",
            "出生年月",
            "Birth month",
            ("出生日期", "出生年月日", "出生时间", "生日", "出生", "birth", "date of birth"),
            width=12,
        ),
        Column(
            "degree",
            "最高学历",
            "Degree",
            ("学历", "文化程度", "学历层次", "现学历", "最高学历层次", "最终学历", "第一学历"),
            values=DEGREE_WORDS,
            width=10,
        ),
        Column(
            "service",
            "参加工作时间",
            "Entry to service",
            (
                *("参加工作年月", "参加工作日期", "参工时间", "工作时间", "入职时间"),
                *("参加工作", "从教时间", "任教时间"),
            ),
        ),
        Column(
            "arrival",
            "进入现单位任教时间",
            "Arrival at school",
            (
                *("进入现单位时间", "到校时间", "到现单位时间", "进校时间", "来校时间"),
                *("现单位任教时间", "到现校时间", "进入本校时间", "到本校时间", "到校年月"),
            ),
            width=20,
        ),
        Column(
            "subject",
            "主教学科",
            "Main subject",
            ("任教学科", "学科", "主要任教学科", "现任教学科", "所教学科", "教学科目", "任课"),
            values=SUBJECT_WORDS,
        ),
        Column(
            "specialist",
            "是否音体美专业",
            "Arts/PE specialist",
            (
                *("是否音体美专任教师", "体艺专业", "音体美专业", "是否体艺专业"),
                *("是否音体美专业教师", "是否体音美专业", "是否体育艺术专业", "是否专业对口"),
            ),
            values=YES_NO,
            width=16,
        ),
        Column(
            "title",
            "现持有最高职称",
            "Title",
            (
                *("职称", "专业技术职务", "专业技术职称", "最高职称", "现有职称", "现职称"),
                *("教师职称", "职称等级", "专业技术资格", "职称名称", "专业职称"),
            ),
            values=TITLE_WORDS,
            width=16,
        ),
        Column(
            "title_post",
            "现聘专业技术岗位",
            "Appointed level",
            (
                *("现聘岗位", "现聘职务", "聘任岗位", "岗位等级", "聘任职称", "现聘职称"),
                "聘任专业技术职务",
            ),
            width=16,
        ),
        Column(
            "post",
            "岗位类别",
            "Kind of post",
            ("岗位类型", "岗位性质", "岗位", "人员类别"),
            values=POST_WORDS,
            width=10,
        ),
        Column(
            "backbone",
            "最高骨干教师级别",
            "Backbone level",
            (
                *("骨干教师级别", "骨干教师", "骨干级别", "是否骨干教师", "骨干教师层次"),
                *("骨干称号", "骨干教师称号"),
            ),
            values=BACKBONE_WORDS,
            width=18,
        ),
        Column(
            "award",
            "骨干教师认定时间",
            "Backbone award",
            (
                *("骨干教师评选时间", "评选时间", "认定时间", "骨干认定时间", "骨干评定时间"),
                *("骨干教师评定时间", "骨干教师命名时间", "评定时间"),
            ),
            width=18,
        ),
        Column(
            "stage",
            "主要任教学段",
            "Stage",
            ("编制所在学段", "学段", "任教学段", "所在学段", "任教阶段"),
            values=STAGE_WORDS,
        ),
        Column(
            "duty",
            "在岗状态",
            "Status",
            ("人员状态", "在职状态", "状态", "在岗情况", "在职情况", "人员现状"),
            values=DUTY_WORDS,
            width=10,
        ),
        Column(
            "staffing",
            "编制类型",
            "Staffing",
            ("编制", "编制性质", "编制情况", "是否在编", "用人形式"),
            values=STAFFING_WORDS,
            width=10,
        ),
    ),
    marks=("school",),
)
FILLABLE = (
    *("degree", "service", "arrival", "subject", "specialist"),
    *("title", "post", "backbone", "award"),
)
"""Columns of a roster that may be filled from stated priors where they are missing altogether."""

AMOUNTS = ("classes", *FACILITIES)
"""Columns of the school table that may be blank: then it is not known."""

SCHOOLS = Layout(
    "schools",
    "学校表",
    "Schools",
    (
        Column("number", "序号", "No.", ("编号", "序", "行号"), width=6),
        Column(
            "school",
            "学校名称",
            "School",
            ("学校", "单位全称", "单位名称", "学校全称", "单位"),
            required=True,
            width=24,
        ),
        Column("code", "学校代码", "School code", ("学校标识码", "学校(机构)标识码", "代码")),
        Column(
            "kind",
            "办学类型",
            "Kind of school",
            ("学校类型", "学校类别", "办学类别", "学校办学类型"),
            required=True,
            values=KIND_WORDS,
            width=16,
        ),
        Column(
            "area",
            "城乡代码",
            "Area",
            ("城乡分类", "城乡类型", "城乡类别", "城乡分类代码", "所在地城乡类型", "城乡"),
            required=True,
            values=AREA_WORDS,
            width=10,
        ),
        Column("x_km", "距县城东向公里", "km east of the county seat", ("东向公里",), width=16),
        Column("y_km", "距县城北向公里", "km north of the county seat", ("北向公里",), width=16),
        Column(
            "primary_pupils",
            "小学学生数",
            "Primary pupils",
            (
                *("小学在校生数", "小学在校学生数", "小学生数", "小学学生人数"),
                *("学生数小学", "在校学生数小学", "在校生数小学", "在校学生小学"),
            ),
        ),
        Column(
            "junior_pupils",
            "初中学生数",
            "Junior pupils",
            (
                *("初中在校生数", "初中在校学生数", "初中生数", "初中学生人数"),
                *("学生数初中", "在校学生数初中", "在校生数初中", "在校学生初中"),
            ),
        ),
        Column("staff", "专任教师数", "Teachers", ("教职工数", "教师数", "教职工总数", "教师总数")),
        Column("classes", "班级数", "Classes", ("班数", "教学班数", "班级总数"), width=10),
        Column("rooms_m2", "教学及辅助用房面积", "Teaching rooms, m2", width=20),
        Column("sports_m2", "体育运动场馆面积", "Sports grounds, m2", width=18),
        Column("equipment_yuan", "教学仪器设备值", "Equipment, yuan", width=16),
        Column("multimedia_rooms", "网络多媒体教室数", "Multimedia classrooms", width=18),
    ),
    marks=("school", "kind"),
)

GRADE_KEYS = tuple(f"grade_{n}" for n in range(1, 10))
_GRADES = "一二三四五六七八九"

ENROLMENT = Layout(
    "enrolment",
    "在校学生",
    "Enrolment",
    (
        Column("number", "序号", "No.", ("编号", "序", "行号"), width=6),
        Column(
            "school",
            "学校名称",
            "School",
            ("学校", "单位全称", "单位名称", "学校全称", "单位"),
            required=True,
            width=24,
        ),
        *(
            Column(
                f"grade_{n}",
                f"{word}年级",
                f"Grade {n}",
                (
                    *(f"{n}年级", f"{word}年级学生数", f"{word}年级人数", f"在校学生{word}年级"),
                    *((f"初{_GRADES[n - 7]}", f"初中{_GRADES[n - 7]}年级") if n > 6 else ()),
                ),
                width=8,
            )
            for n, word in enumerate(_GRADES, 1)
        ),
    ),
    marks=("school", "grade_1|grade_7"),
)

COUNTY = Layout(
    "county",
    "县情",
    "County",
    (
        Column("key", "县情项目", "County item", ("县情",), required=True, width=36),
        Column("value", "内容", "Value", ("数值", "取值", "填写内容"), required=True, width=20),
        Column("note", "备注", "Note", ("填写说明", "说明"), width=50),
    ),
    marks=("key", "value"),
)
POLICY = Layout(
    "policy",
    "政策",
    "Policy",
    (
        Column("key", "政策项目", "Policy item", ("政策",), required=True, width=36),
        Column("value", "内容", "Value", ("数值", "取值", "填写内容"), required=True, width=20),
        Column("note", "备注", "Note", ("填写说明", "说明"), width=50),
    ),
    marks=("key", "value"),
)
LAYOUTS = (ROSTER, SCHOOLS, ENROLMENT, COUNTY, POLICY)


@dataclass(frozen=True)
class Entry:
    """A row of the county or the policy sheet.

    Attributes
    ----------
    key : str
        The dotted path that it has in ``county.yaml`` or in a scenario.
    label, label_en : str
        As the template writes it in the first column; the reader knows both, and the key.
    kind : str
        text, month, count, number, share, years or list.
    by_year : bool
        Whether a year may follow the label: 骨干教师名额（2021年）.
    """

    key: str
    label: str
    label_en: str
    kind: str = "count"
    by_year: bool = False


def _counted() -> tuple[Entry, ...]:
    stages = (("primary", "小学", "Primary"), ("junior", "初中", "Junior"))
    subjects = (("pe", "体育", "PE"), ("music", "音乐", "Music"), ("art", "美术", "Art"))
    of_stage = (
        ("schools", "学校数", "schools"),
        ("pupils", "在校学生数", "pupils"),
        ("staff", "教职工数", "staff"),
        ("degree", "本科及以上学历人数", "staff with 本科 and above"),
        ("backbone", "县级以上骨干教师数", "backbone teachers"),
    )
    of_subject = (
        ("teachers", "任课教师数", "teachers"),
        ("specialists", "专业教师数", "specialists"),
    )
    ratios = (
        ("degree_percent", "本科及以上学历比例（%）", "share with 本科 and above, %"),
        ("degree_per_100_pupils", "每百名学生高学历教师数", "higher degrees per 100 pupils"),
        ("backbone_per_100_pupils", "每百名学生骨干教师数", "backbone teachers per 100 pupils"),
    )
    averages = (
        ("生均教学及辅助用房面积", "rooms, m2 a pupil"),
        ("生均体育运动场馆面积", "sports grounds, m2 a pupil"),
        ("生均教学仪器设备值", "equipment, yuan a pupil"),
        ("每百名学生网络多媒体教室数", "multimedia classrooms per 100 pupils"),
    )
    special = of_stage[:3]
    return (
        *(
            Entry(f"published.{stage}.{key}", f"公布：{zh}{what}", f"Published: {en}, {what_en}")
            for stage, zh, en in stages
            for key, what, what_en in of_stage
        ),
        *(
            Entry(
                f"published.arts_pe.{subject}.{key}",
                f"公布：{zh}{what}",
                f"Published: {en}, {what_en}",
            )
            for subject, zh, en in subjects
            for key, what, what_en in of_subject
        ),
        *(
            Entry(
                f"published.special.{key}",
                f"公布：特殊教育{what}",
                f"Published: special education, {what_en}",
            )
            for key, what, what_en in special
        ),
        *(
            Entry(
                f"published.facilities.{stage}.{key}",
                f"公布：{zh}{what}",
                f"Published: {en}, {what_en}",
                "number",
            )
            for stage, zh, en in stages
            for key, (what, what_en) in zip(FACILITY_AVERAGES, averages, strict=True)
        ),
        Entry("published.source", "公布数据来源", "Source of published counts", "text"),
        Entry("stated.staff", "文中：教师总数", "Stated: staff of both stages"),
        *(
            Entry(
                f"stated.{stage}.{key}", f"文中：{zh}{what}", f"Stated: {en}, {what_en}", "number"
            )
            for stage, zh, en in stages
            for key, what, what_en in ratios
        ),
        Entry(
            "stated.specialists_per_100_pupils",
            "文中：每百名学生音体美专业教师数",
            "Stated: arts/PE specialists per 100 pupils",
            "number",
        ),
        Entry("stated.source", "文中数据来源", "Source of stated figures", "text"),
    )


COUNTY_ENTRIES: tuple[Entry, ...] = (
    Entry("name", "县名", "County name", "text"),
    Entry("name_en", "县名（英文）", "County name in English", "text"),
    Entry("census", "数据截止年月", "Census month", "month"),
    *_counted(),
    Entry("special.schools", "特殊教育学校数", "Special-education schools"),
    Entry("special.pupils", "特殊教育学生数", "Special-education pupils"),
    Entry("special.staff", "特殊教育教职工数", "Special-education staff"),
    Entry(
        "goals.primary_in_towns_share",
        "目标：小学在乡镇及县城的比例",
        "Goal: share of primary schools in towns",
        "share",
    ),
    Entry(
        "goals.junior_in_county_seat_share",
        "目标：初中在县城的比例",
        "Goal: share of junior schools in the county seat",
        "share",
    ),
    Entry("goals.source", "目标来源", "Source of goals", "text"),
    Entry("synthetic", "合成数据", "Synthetic parts", "list"),
)
"""What the county sheet may say; ``synthetic`` lists keys of ``County.synthetic``."""

POLICY_ENTRIES: tuple[Entry, ...] = (
    Entry("years", "模拟年份", "Years simulated", "years"),
    Entry("judged_year", "评估年份", "Judged year"),
    Entry("replacement.leavers", "退几", "So many leavers ..."),
    Entry("replacement.joins", "进几", "... bring so many posts"),
    Entry("replacement.stated_posts", "已定招聘人数", "Stated posts", by_year=True),
    Entry("arts_pe.recruits_per_year", "音体美招聘人数", "Arts/PE recruits a year", by_year=True),
    Entry("arts_pe.retraining_per_year", "音体美转岗培训人数", "Retrained a year", by_year=True),
    Entry("backbone.places", "骨干教师名额", "Backbone places", by_year=True),
    Entry("rotation.share", "交流轮岗比例", "Rotation share", "share"),
)
"""What the policy sheet may say; a blank value leaves the scenario's default."""
