"""A Projection as the assessment makes it: the real frames' columns, invented figures."""

from __future__ import annotations

from dataclasses import dataclass, fields
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

YEARS = tuple(range(2020, 2026))
STAGES = ("primary", "junior")
AREAS = ("county_seat", "town", "village")
THRESHOLDS = {
    "L1": {"primary": 4.2, "junior": 5.3},
    "L2": {"primary": 1.0, "junior": 1.0},
    "L3": {"primary": 0.9, "junior": 0.9},
}
LIMITS = {"primary": 0.50, "junior": 0.45}
REPLICATIONS = 200
FIRST = (("L1", 1.0), ("L2", 1.0), ("L3", 0.0))
FIRST_LATER = (0.3, 0.45, 0.25)
AWKWARD = ("垚镇小学", "喆犇小学", "=HYPERLINK(1)小学", "−1号小学")


@dataclass(frozen=True)
class FakeProjection:
    """The attributes that the report reads."""

    ratios: pd.DataFrame
    schools: pd.DataFrame
    differences: pd.DataFrame
    verdicts: pd.DataFrame
    school_verdicts: pd.DataFrame
    first_year: pd.DataFrame
    binding: pd.DataFrame
    flows: pd.DataFrame
    rotation: pd.DataFrame
    ages: pd.DataFrame
    pupils: pd.DataFrame
    staff: pd.DataFrame
    assumptions: pd.DataFrame
    reconciliation: pd.DataFrame
    provenance: dict[str, Any]
    scenario: Any
    county: Any

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        frames = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: f for name, f in frames.items() if isinstance(f, pd.DataFrame)}


def chance(true: np.ndarray, name: str = "p_meets") -> dict[str, float]:
    """A probability with its Monte Carlo error and Wilson interval."""
    n, p, z = len(true), float(np.mean(true)), 1.96
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    error = float(np.sqrt(p * (1 - p) / n))
    low, high = max(0.0, float(middle - half)), min(1.0, float(middle + half))
    return {name: p, f"{name}_se": error, f"{name}_low": low, f"{name}_high": high}


def among(columns: dict[str, float], judged: bool) -> dict[str, float]:
    """Not judged in any replication: no probability."""
    return columns if judged else dict.fromkeys(columns, np.nan)


def spread(values: np.ndarray) -> dict[str, float]:
    return {f"q{q:02d}": float(np.quantile(values, q / 100)) for q in (5, 25, 50, 75, 95)}


def certain(table: pd.DataFrame) -> pd.DataFrame:
    """The baseline is a count: no Monte Carlo error."""
    baseline = table["year"] == YEARS[0]
    for column in [c for c in table.columns if c.endswith("_se")]:
        p = column.removesuffix("_se")
        table.loc[baseline, column] = table.loc[baseline, p] * 0
        for end in ("low", "high"):
            table.loc[baseline, f"{p}_{end}"] = table.loc[baseline, p]
    return table


def make_projection() -> FakeProjection:
    rng = np.random.Generator(np.random.Philox(2021))
    stage = np.repeat((0, 1), (44, 21))
    area = np.where(np.arange(65) % 44 < 6, 0, np.where(np.arange(65) % 44 < 20, 1, 2))
    towns = "凤城 北留 润城 町店 芹池 次营 横河 河北 蟒河 东冶 白桑 寺头 西河 演礼 固隆 董封 驾岭"
    kinds = ("小学", "初中")
    names = [
        f"{towns.split()[i % 17]}{'' if i < 17 else '中心' if i < 34 else '第二'}{kinds[s]}"
        for i, s in zip([*range(44), *range(21)], stage, strict=True)
    ]
    names[5], names[43], names[20], names[21] = AWKWARD
    names[44] = "崦山初中"
    share = np.exp(rng.normal(0, 0.8, 65)) * np.array([2.6, 1.2, 0.7])[area]
    pupils = np.zeros(65)
    for s, total in enumerate((13566, 6849)):
        mine = stage == s
        pupils[mine] = np.maximum(12, np.round(total * share[mine] / share[mine].sum()))
    pupils[[39, 42]] = 31, 18  # too small to be judged
    closes = {40: 2022, 41: 2022, 42: 2022, 62: 2021, 63: 2021}

    # ratios of school x year x replication
    level = {"L1": (7.0, 12.4), "L2": (2.9, 5.8), "L3": (0.80, 0.86)}
    drift = {"L1": (0.05, 0.12), "L2": (-0.28, -0.55), "L3": (0.022, 0.03)}
    years = np.arange(len(YEARS))
    x: dict[str, np.ndarray] = {}
    for indicator in THRESHOLDS:
        base = np.array(level[indicator])[stage] * np.exp(rng.normal(0, 0.22, 65))
        base *= np.clip((400 / pupils) ** 0.2, 0.6, 2.2)
        slope = np.array(drift[indicator])[stage]
        mean = base[:, None] + slope[:, None] * years
        noise = rng.normal(0, 1, (65, len(YEARS), REPLICATIONS)) * np.sqrt(years)[None, :, None]
        noise *= (0.09 * mean * np.clip((250 / pupils[:, None]) ** 0.4, 0.4, 2.0))[:, :, None]
        shared = 1 + 0.02 * np.sqrt(years)[:, None] * rng.normal(0, 1, REPLICATIONS)
        x[indicator] = shared * np.maximum(0.0, mean[:, :, None] + noise)
    open_in = np.array([[year < closes.get(i, 9999) for year in YEARS] for i in range(65)])
    judged = open_in & (pupils >= 50)[:, None]

    ratios, schools, differences, verdicts, school_verdicts = [], [], [], [], []
    first_year, binding = [], []
    all_open = {}
    within_all = {}
    for y, year in enumerate(YEARS):
        for s, name in enumerate(STAGES):
            here = (stage == s) & judged[:, y]
            within = np.ones(REPLICATIONS, bool)
            for indicator, t in THRESHOLDS.items():
                w = pupils[here] / pupils[here].sum()
                mean = (x[indicator][here, y] * w[:, None]).sum(0)
                if indicator == "L1":
                    mean = mean * 0.9
                row = {"year": year, "stage": name, "indicator": indicator}
                ratios.append(
                    row
                    | {"mean": mean.mean(), "sd": mean.std()}
                    | spread(mean)
                    | {"threshold": t[name]}
                    | chance(mean >= t[name])
                )
                cv = np.sqrt(((x[indicator][here, y] - mean) ** 2 * w[:, None]).sum(0)) / mean
                within &= cv <= LIMITS[name]
                differences.append(
                    row
                    | {"mean": cv.mean(), "sd": cv.std()}
                    | spread(cv)
                    | {"limit": LIMITS[name]}
                    | chance(cv <= LIMITS[name], "p_within")
                )
            ratio = np.array([x[i][:, y] / t[name] for i, t in THRESHOLDS.items()])
            met = (ratio >= 1).sum(0)
            all_met = met == 3
            is_open = all_met | ((met == 2) & (ratio.min(0) >= 0.85))
            lowest = ratio[:, here].reshape(-1, REPLICATIONS).argmin(0)
            counts = np.bincount(lowest, minlength=3 * here.sum())
            for place in np.flatnonzero(counts):
                binding.append(
                    {
                        "year": year,
                        "school": names[np.flatnonzero(here)[place % here.sum()]],
                        "stage": name,
                        "indicator": list(THRESHOLDS)[place // here.sum()],
                    }
                    | chance(lowest == place, "p")
                )
            for i in np.flatnonzero((stage == s) & open_in[:, y]):
                for indicator, t in THRESHOLDS.items():
                    schools.append(
                        {
                            "year": year,
                            "school": names[i],
                            "stage": name,
                            "area": AREAS[area[i]],
                            "indicator": indicator,
                            "pupils": pupils[i],
                            "judged": float(judged[i, y]),
                            "mean": x[indicator][i, y].mean(),
                            "sd": x[indicator][i, y].std(),
                        }
                        | spread(x[indicator][i, y])
                        | {"threshold": t[name]}
                        | among(chance(x[indicator][i, y] >= t[name]), judged[i, y])
                    )
                school_verdicts.append(
                    {"year": year, "school": names[i], "stage": name, "area": AREAS[area[i]]}
                    | {"judged": float(judged[i, y])}
                    | among(chance(all_met[i], "p_all_met"), judged[i, y])
                    | among(chance(is_open[i], "p_open"), judged[i, y])
                    | among(chance(~is_open[i], "p_failed"), judged[i, y])
                )
            every = {
                "all_met": all_met[here].all(0),
                "open": is_open[here].all(0),
                "failed": ~is_open[here].all(0),
                "difference_within": within,
                "not_ruled_out": is_open[here].all(0) & within,
            }
            all_open[year, s], within_all[year, s] = every["open"], within
            for verdict, true in every.items():
                verdicts.append(
                    {"year": year, "scope": name, "verdict": verdict} | chance(true, "p")
                )
        for indicator in ("L2", "L3"):
            both = (x[indicator][judged[:, y], y] * pupils[judged[:, y], None]).sum(0)
            both /= pupils[judged[:, y]].sum()
            t = THRESHOLDS[indicator]["primary"]
            ratios.append(
                {"year": year, "stage": "both", "indicator": indicator}
                | {"mean": both.mean(), "sd": both.std()}
                | spread(both)
                | {"threshold": t}
                | chance(both >= t)
            )
        is_open = all_open[year, 0] & all_open[year, 1]
        within = within_all[year, 0] & within_all[year, 1]
        for verdict, true in {
            "all_met": is_open & False,
            "open": is_open,
            "failed": ~is_open,
            "difference_within": within,
            "not_ruled_out": is_open & within,
        }.items():
            verdicts.append(
                {"year": year, "scope": "county", "verdict": verdict} | chance(true, "p")
            )
    for name, indicator, p in (
        *((name, indicator, p) for name in STAGES for indicator, p in FIRST),
        ("county", "not_ruled_out", 0.0),
    ):
        for year_met, share in zip((2021, 2023, 2025, None), (p, *FIRST_LATER), strict=True):
            of = share if year_met == 2021 else share * (1 - p)
            held = np.arange(REPLICATIONS) < of * REPLICATIONS
            first_year.append(
                {"stage": name, "indicator": indicator, "year": year_met} | chance(held, "p")
            )

    amounts = {
        "retired": (48, 36),
        "resign": (7, 6),
        "transfer_out": (5, 5),
        "death": (1.5, 1.2),
        "posts_general": (16, 12),
        "posts_arts_pe": (6, 4),
        "hired_general": (14.5, 11),
        "hired_arts_pe": (5, 3.4),
        "rotated": (60, 50),
        "awarded": (30, 20),
    }
    flows, rotation, ages, pupil_rows, staff_rows = [], [], [], [], []
    for y, year in enumerate(YEARS):
        for s, name in enumerate(STAGES):
            if y:
                for flow, amount in amounts.items():
                    n = rng.poisson(amount[s] * (1 - 0.05 * y), REPLICATIONS)
                    summary = {"mean": n.mean(), "sd": n.std()} | spread(n)
                    flows.append({"year": year, "stage": name, "flow": flow} | summary)
                    flows.append({"year": year, "stage": "both", "flow": flow} | summary)
            lower = (0, 25, 30, 35, 40, 45, 50, 55, 60)
            shape = np.array([3, 9, 12, 13, 15, 16, 18, 13, 1]) * (1.0 - 0.01 * y * (6 - y))
            shape = np.roll(shape, y // 4)
            for sex, part in (("male", 0.33), ("female", 0.67)):
                for a, low in enumerate(lower):
                    ages.append(
                        {
                            "year": year,
                            "stage": name,
                            "sex": sex,
                            "age_from": low,
                            "age_below": lower[a + 1] if low < 60 else 100,
                            "mean": (1433, 1095)[s] * part * shape[a] / shape.sum(),
                        }
                    )
            for rows, total in ((pupil_rows, (13566, 6849)[s]), (staff_rows, (1433, 1095)[s])):
                n = total * (1 + rng.normal(0, 0.004, REPLICATIONS) * y)
                rows.append(
                    {"year": year, "stage": name, "mean": n.mean(), "sd": n.std()} | spread(n)
                )
        if y:
            all_of_them, most = np.ones(REPLICATIONS, bool), np.arange(REPLICATIONS) < 188
            rotation.append(
                {"year": year, "eligible": 1180.4, "moved": 118.6, "share": 0.1005}
                | {"backbone_share": 0.203}
                | chance(all_of_them, "p_share_met")
                | chance(most, "p_backbone_share_met")
            )
    first = pd.DataFrame(first_year).astype({"year": "Int64"})
    synthetic = ("people", "school_table")
    return FakeProjection(
        ratios=certain(pd.DataFrame(ratios)),
        schools=certain(pd.DataFrame(schools)),
        differences=certain(pd.DataFrame(differences)),
        verdicts=certain(pd.DataFrame(verdicts)),
        school_verdicts=certain(pd.DataFrame(school_verdicts)),
        first_year=first,
        binding=certain(pd.DataFrame(binding)),
        flows=pd.DataFrame(flows),
        rotation=pd.DataFrame(rotation),
        ages=pd.DataFrame(ages),
        pupils=pd.DataFrame(pupil_rows),
        staff=pd.DataFrame(staff_rows),
        assumptions=pd.DataFrame(
            [
                {
                    "path": "backbone.term_years",
                    "value": "5",
                    "source": "recalled",
                    "default": True,
                },
                {"path": "years", "value": "2021-2025", "source": "plan", "default": False},
            ]
        ),
        reconciliation=pd.DataFrame(
            [
                {
                    "figure": "初中：每百名学生拥有骨干教师数",
                    "figure_en": "Junior: backbone teachers per 100 pupils",
                    "stated": 5.2,
                    "recomputed": 400 / 68.49,
                    "agrees": False,
                    "note": "400÷6849×100",
                    "note_en": "400 / 6849 × 100",
                },
                {
                    "figure": "小学：教职工",
                    "figure_en": "Primary: staff",
                    "stated": 1433.0,
                    "recomputed": 1433.0,
                    "agrees": True,
                    "note": "",
                    "note_en": "",
                },
            ]
        ),
        provenance={
            "scenario": "yangcheng",
            "scenario_digest": "5c" * 32,
            "county": "阳城县",
            "county_digest": "a1" * 32,
            "years": "2021-2025",
            "judged_year": 2025,
            "seed": 2021,
            "replications": REPLICATIONS,
            "replications_requested": REPLICATIONS,
            "complete": True,
            "block": 100,
            "law": "retirement 2025-01-01; standard 2017-04-19",
            "synthetic": list(synthetic),
            "versions": {"workforce-sim": "0.1.0", "numpy": "2.4.6"},
        },
        scenario=SimpleNamespace(
            name="yangcheng",
            title="阳城县教师队伍：按规划",
            title_en="Yangcheng: the plan as written",
            judged_year=2025,
        ),
        county=SimpleNamespace(
            name="阳城县", name_en="Yangcheng", census=2020 * 12 + 8, synthetic=synthetic
        ),
    )


@pytest.fixture(scope="session")
def projection() -> FakeProjection:
    return make_projection()
