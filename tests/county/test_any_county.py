"""Any counts that do not contradict each other are reproduced exactly."""

import copy
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import event, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy
from ruamel.yaml import YAML

from workforce_sim.county import County
from workforce_sim.county.sampling import choose, uniforms, whole_shares
from workforce_sim.county.spec import FACILITY_AVERAGES, SyntheticSpec, inconsistencies
from workforce_sim.county.synthetic import build
from workforce_sim.county.synthetic_staff import ImpossibleError
from workforce_sim.scenario.schema import ARTS_PE, STAGES

FILE = Path(__file__).parents[2] / "configs" / "yangcheng" / "county.yaml"
WRITTEN: dict[str, Any] = YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))

seeds = st.integers(0, 2**32)


@st.composite
def stage_counts(draw: st.DrawFn) -> dict[str, int]:
    schools = draw(st.integers(0, 6))
    if schools == 0:
        return dict.fromkeys(("schools", "pupils", "staff", "degree", "backbone"), 0)
    staff = draw(st.integers(schools, 60))
    return {
        "schools": schools,
        "pupils": draw(st.integers(schools, 2000 * schools)),
        "staff": staff,
        "degree": draw(st.integers(0, staff)),
        "backbone": draw(st.just(0) | st.integers(0, staff)),
    }


@st.composite
def specs(draw: st.DrawFn) -> SyntheticSpec:
    written = copy.deepcopy(WRITTEN)
    stages = {stage: draw(stage_counts()) for stage in STAGES}
    if not any(counts["schools"] for counts in stages.values()):
        stages["primary"] |= {"schools": 1, "pupils": 1, "staff": 1}
    free = sum(counts["staff"] for counts in stages.values())
    arts_pe = {}
    for subject in ARTS_PE:
        teachers = draw(st.integers(0, free))
        free -= teachers
        arts_pe[subject] = {
            "teachers": teachers,
            "specialists": draw(st.integers(0, teachers)),
        }
    written["published"] = {"source": "assumed", "arts_pe": arts_pe, **stages}
    averages = st.none() | st.floats(0, 9999).map(lambda x: round(x, 2))
    written["published"]["facilities"] = draw(
        st.none()
        | st.fixed_dictionaries(
            dict.fromkeys(STAGES, st.fixed_dictionaries(dict.fromkeys(FACILITY_AVERAGES, averages)))
        )
    )
    written["synthetic"]["seed"] = draw(seeds)
    written["synthetic"]["calibration"] = None
    written["census"] = draw(st.sampled_from(["2020-12", "2020-09", "2030-06"]))
    for part in ("women", "senior_titles", "worker_posts"):
        share = {stage: draw(st.sampled_from([0.0, 0.3, 1.0])) for stage in STAGES}
        written["synthetic"][part]["share"] = share
    return SyntheticSpec.model_validate(written)


@given(specs())
def test_counts_are_reproduced_exactly(spec: SyntheticSpec) -> None:
    assert not list(inconsistencies(spec))
    try:
        county = build(spec)
    except ImpossibleError as error:
        event("too few could be backbone teachers")
        assert error.place[-1] == "backbone"
        assert getattr(spec.published, str(error.place[1])).backbone > 0
        return
    for stage in STAGES:
        assert county.stage_counts(stage) == spec.published.stage(stage).model_dump()
    for subject in ARTS_PE:
        assert county.subject_counts(subject) == spec.published.subject(subject).model_dump()
    _facilities_are_as_published(spec, county)
    assert (county.schools.size > 0).all()
    assert (np.bincount(county.roster.school, minlength=len(county.schools)) > 0).all()
    roster = county.roster
    assert (roster.legal_retirement() > county.census).all()
    assert (roster.service - roster.birth >= 16 * 12).all()
    assert (roster.arrival >= roster.service).all()
    assert county.digest == build(spec).digest


def _facilities_are_as_published(spec: SyntheticSpec, county: County) -> None:
    published, schools = spec.published.facilities, county.schools
    assert ("facilities" in county.synthetic) == (published is not None)
    if published is None:
        assert not schools.known.any()
        return
    for code, stage in enumerate(STAGES):
        facilities = schools.facilities[schools.stage == code]
        pupils = schools.size[schools.stage == code].sum()
        units = zip(published[stage], facilities.T, (0.1, 0.1, 1, 1), (1, 1, 1, 100), strict=True)
        for average, amounts, unit, per_pupils in units:
            if average is None:
                assert np.isnan(amounts).all()
            else:
                wanted = average * pupils / per_pupils
                assert abs(amounts.sum() - wanted) <= unit / 2 + 1e-9 * wanted
                assert np.allclose(amounts / unit, np.round(amounts / unit), rtol=0, atol=1e-4)


@given(st.data(), st.integers(1, 20), seeds)
def test_whole_shares_are_whole_and_exact(data: st.DataObject, n: int, seed: int) -> None:
    whole = st_numpy.arrays(np.int64, n, elements=st.integers(0, 30))
    least = data.draw(whole)
    most = least + data.draw(whole)
    total = data.draw(st.integers(int(least.sum()), int(most.sum())))
    weight = np.exp(6 * uniforms(seed, "weight", n))
    shares = whole_shares(weight, total, least, most)
    assert shares.sum() == total
    assert ((least <= shares) & (shares <= most)).all()


@given(st.integers(0, 60), st.lists(st.integers(0, 30), min_size=1, max_size=4), seeds)
def test_quotas_are_filled_from_those_of_positive_weight(
    n: int, quotas: list[int], seed: int
) -> None:
    quota = np.array(quotas)
    group = np.floor(uniforms(seed, "group", n) * len(quota)).astype(np.int64)
    weight = np.floor(3 * uniforms(seed, "weight", n))
    chosen = choose(uniforms(seed, "key", n), weight, group, quota)
    assert not chosen[weight == 0].any()
    able = np.bincount(group[weight > 0], minlength=len(quota))
    assert (np.bincount(group[chosen], minlength=len(quota)) == np.minimum(able, quota)).all()


def test_twice_the_weight_is_chosen_about_twice_as_often() -> None:
    n = 30_000
    weight = np.tile([1.0, 2.0, np.inf], n // 3)
    chosen = choose(uniforms(7, "x", n), weight, np.zeros(n, np.int64), np.array([n // 3 + 900]))
    one, two, always = (chosen[weight == w].sum() for w in (1.0, 2.0, np.inf))
    assert always == n // 3
    assert one + two == 900
    assert abs(two - 600) < 60  # four standard deviations


def test_a_draw_depends_on_its_seed_its_purpose_and_its_number_alone() -> None:
    first = uniforms(1, "age", 1000)
    assert (uniforms(1, "age", 10) == first[:10]).all()
    assert abs(np.corrcoef(first, uniforms(1, "sex", 1000))[0, 1]) < 0.15
    assert abs(np.corrcoef(first, uniforms(2, "age", 1000))[0, 1]) < 0.15
    assert ((first > 0) & (first < 1)).all()
    assert abs(first.mean() - 0.5) < 0.04
