"""What is drawn follows its distribution.

Exact tests with fixed seeds. Each would fail a right program with a probability below 1e-8 if the
seed were drawn anew: all of them together alarm falsely less than once in a million runs.
"""

import numpy as np
import pytest
from scipy import stats

from tests.counties import School, Teacher, county, scenario
from workforce_sim.law import retirement_month
from workforce_sim.law.months import parse_month
from workforce_sim.scenario.quantity import sample
from workforce_sim.scenario.schema import Scenario
from workforce_sim.simulation.block import set_up, simulate_block
from workforce_sim.simulation.ledger import BACKBONE, FLOW, QUALIFIED, SPECIALISTS, STAFF

ALARM = 1e-8
SCHOOLS = [School("甲", "primary", (50,) * 6), School("乙", "junior", (60,) * 3)]
YOUNG = [Teacher("甲乙"[n % 2], f"{1985 + n % 10}-0{1 + n % 9}") for n in range(100)]
REPLICATIONS = range(200)


def binomial(successes, trials, share):
    """Judge a number of successes."""
    assert stats.binomtest(int(successes), int(trials), share).pvalue > ALARM


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5])
@pytest.mark.parametrize("cause", ["resign", "transfer_out", "death"])
def test_exits_of_one_hazard_are_binomial(share, cause):
    """Who is there after n years: Binomial(staff, (1 - p)^n), all by the one cause."""
    rules = scenario(exits={"one": {"cause": cause, "share_per_year": share}})
    ledger = simulate_block(rules, county(SCHOOLS, YOUNG), 11, REPLICATIONS)
    left = ledger.flows[..., FLOW[cause]].sum(axis=(1, 3)).cumsum(axis=0)
    for years in range(1, 6):
        binomial(left[years - 1].sum(), 100 * 200, 1 - (1 - share) ** years)
    # Replications are independent of each other: their counts vary as they should.
    spread = left[0].var(ddof=1) / (100 * share * (1 - share))
    assert stats.chi2(199).sf(199 * spread) > ALARM
    assert stats.chi2(199).cdf(199 * spread) > ALARM
    assert ledger.flows[..., :4].sum() == ledger.flows[..., FLOW[cause]].sum()


def test_months_of_exit_are_spread_over_the_year():
    rules = scenario(
        years="2021-2021",
        judged_year=2021,
        exits={"one": {"cause": "resign", "share_per_year": 0.2}},
    )
    months = simulate_block(rules, county(SCHOOLS, YOUNG), 3, REPLICATIONS).leavers.sum(
        axis=(1, 2, 3)
    )
    edges = 0.8 ** (np.arange(13) / 12)
    expected = (edges[:-1] - edges[1:]) / (1 - edges[-1]) * months.sum()
    assert stats.chisquare(months, expected).pvalue > ALARM


def test_hazards_add_up_and_share_the_leavers():
    """Two causes: together 1 - (1 - p)(1 - q) leave; of them -ln(1-p) : -ln(1-q)."""
    p, q = 0.1, 0.05
    rules = scenario(
        years="2021-2021",
        judged_year=2021,
        exits={
            "a": {"cause": "resign", "share_per_year": p},
            "b": {"cause": "death", "share_per_year": q},
        },
    )
    flows = simulate_block(rules, county(SCHOOLS, YOUNG), 5, REPLICATIONS).flows.sum(
        axis=(0, 1, 2, 3)
    )
    left, died = flows[:4].sum(), flows[FLOW["death"]]
    binomial(left, 100 * 200, 1 - (1 - p) * (1 - q))
    binomial(died, left, np.log1p(-q) / (np.log1p(-p) + np.log1p(-q)))


def test_a_hazard_holds_in_its_ages_and_stages_alone():
    rules = scenario(
        exits={
            "one": {"cause": "resign", "ages": [0, 30], "stages": ["junior"], "share_per_year": 0.5}
        }
    )
    teachers = [Teacher("甲", "1995-01")] * 20 + [Teacher("乙", "1989-01")] * 20
    teachers += [Teacher("乙", "1993-07")] * 20
    world = set_up(rules, county(SCHOOLS, teachers), 2, REPLICATIONS)
    leave = world.pool.people.leave[:, :60]
    legal = world.pool.people.legal[:, :60]
    assert (leave[:, :40] == legal[:, :40]).all()
    gone = leave[:, 40:] < legal[:, 40:]
    assert leave[:, 40:][gone].max() < parse_month("2023-07")
    binomial(gone.sum(), 20 * 200, 1 - 0.5 ** (30 / 12))  # from 2021-01 to the 30th birthday


def test_the_wave_of_retirements_is_the_law_s():
    """Month by month as many retire as the law says, with the reform and without."""
    teachers = [
        Teacher(
            "甲",
            f"{1961 + n % 10}-{1 + n % 12:02}",
            sex=("male", "female", "female", "female")[n % 4],
            senior=n % 4 == 1,
            worker=n % 4 == 2,
        )
        for n in range(240)
    ]
    names = ("male", "female60", "female50", "female55")
    for reform in (True, False):
        rules = scenario(years="2021-2030", judged_year=2030, retirement={"reform_2025": reform})
        months = simulate_block(rules, county(SCHOOLS, teachers), 1, range(2)).leavers.sum(
            axis=(2, 3)
        )
        expected = np.zeros(120, int)
        for n, teacher in enumerate(teachers):
            last = parse_month(retirement_month(names[n % 4], teacher.birth, reform))
            nth = max(last - parse_month("2021-01"), 0)
            if nth < 120:
                expected[nth] += 1
        assert (months == expected[:, None]).all()


def test_early_and_late_retirement_have_their_shares():
    """Of 400 men due in 2026 a fifth goes early, a tenth late; early is never below 60."""
    teachers = [Teacher("甲", f"1965-{7 + n % 6:02}") for n in range(400)]
    rules = scenario(
        years="2021-2030", judged_year=2030, retirement={"early_share": 0.2, "late_share": 0.1}
    )
    people = set_up(rules, county(SCHOOLS, teachers), 8, range(50)).pool.people
    leave, legal, birth = (
        getattr(people, name)[:, :400].astype(int) for name in ("leave", "legal", "birth")
    )
    binomial((leave < legal).sum(), 400 * 50, 0.2)
    binomial((leave > legal).sum(), 400 * 50, 0.1)
    assert (leave >= birth + 720).all()
    assert ((leave - legal) <= 36).all()
    late = (leave - legal)[leave > legal]
    assert stats.chisquare(np.bincount(late, minlength=37)[1:]).pvalue > ALARM


def test_senior_women_choose_55_with_their_share():
    """Those who turn 55 in the run choose; those past 55 on the roster have not."""
    teachers = [Teacher("甲", "1968-03", sex="female", senior=True)] * 200
    teachers += [Teacher("甲", "1964-03", sex="female", senior=True)] * 50
    rules = scenario(retirement={"senior_women_at_55_share": 0.3})
    people = set_up(rules, county(SCHOOLS, teachers), 8, range(50)).pool.people
    binomial((people.leave[:, :200] == parse_month("2023-03")).sum(), 200 * 50, 0.3)
    assert (people.leave[:, 200:250] == parse_month("2024-03")).all()


def test_fill_follows_the_binomial_by_kind_and_area():
    rates = {"county_seat": 0.9, "town": 0.6, "village": 0.2}
    for area, rate in rates.items():
        school = [School("丁", "primary", (50,) * 6, area=area)]
        rules = scenario(
            replacement={"joins": 0, "stated_posts": dict.fromkeys(range(2021, 2026), 10)},
            arts_pe={"recruits_per_year": 10},
            filling={"general": rates, "arts_pe": {a: r / 2 for a, r in rates.items()}},
        )
        ledger = simulate_block(rules, county(school, [Teacher("丁", "1980-01")]), 4, REPLICATIONS)
        flows = ledger.flows.sum(axis=(0, 1, 2, 3))
        for kind, share in (("general", rate), ("arts_pe", rate / 2)):
            assert flows[FLOW[f"posts_{kind}"]] == 10 * 5 * 200
            binomial(flows[FLOW[f"hired_{kind}"]], 10 * 5 * 200, share)


def test_recruits_follow_the_stated_shares():
    rules = scenario(
        years="2021-2021",
        judged_year=2021,
        replacement={"joins": 0, "stated_posts": {2021: 200}},
        recruits={
            "women_share": 0.7,
            "bachelor_share": 0.9,
            "specialist_share": 0.6,
            "subjects": {"other": 0.5, "pe": 0.2, "music": 0.2, "art": 0.1},
        },
    )
    world = set_up(rules, county(SCHOOLS, YOUNG), 4, range(50))
    from workforce_sim.simulation.block import start_rules

    start_rules(world)
    world.calendar.run()
    hired = np.s_[:, 100:300]
    people = world.pool.people
    n = 200 * 50
    binomial(people.sex[hired].sum(), n, 0.7)
    binomial(people.qualified[hired].sum(), n, 0.9)
    subjects = np.bincount(people.subject[hired].ravel(), minlength=4)
    assert stats.chisquare(subjects, n * np.array([0.5, 0.2, 0.2, 0.1])).pvalue > ALARM
    binomial(people.specialist[hired].sum(), (people.subject[hired] > 0).sum(), 0.6)
    ages = (parse_month("2021-08") - people.birth[hired]).ravel() // 12
    assert stats.chisquare(np.bincount(ages)[22:31]).pvalue > ALARM
    assert ages.min() == 22
    assert ages.max() == 30


def test_renewals_degrees_and_retraining_are_binomial():
    rules = scenario(
        years="2021-2021",
        judged_year=2021,
        backbone={"term_years": 5, "renewed_share": 0.7},
        degrees={"all": {"ages": [0, 60], "share_per_year": 0.3}},
        arts_pe={"retraining_per_year": 1000, "retraining_success_share": 0.4},
    )
    teachers = [Teacher("甲", "1985-01", award="2016-06", subject="art", degree=0)] * 100
    ledger = simulate_block(rules, county(SCHOOLS, teachers), 4, REPLICATIONS)
    census = ledger.census[0].sum(axis=(0, 1))
    assert census[STAFF] == 100 * 200
    binomial(census[BACKBONE], 100 * 200, 0.7)
    binomial(census[QUALIFIED], 100 * 200, 0.3)
    binomial(census[SPECIALISTS + 2], 100 * 200, 0.4)


def test_choosing_is_fair():
    """Every one of the eligible is chosen equally often; movers at random go anywhere equally."""
    schools = [School(name, "primary", (20,) * 6) for name in "甲乙丙丁"]
    teachers = [Teacher("甲", "1985-01")] * 40
    rules = scenario(
        years="2021-2021",
        judged_year=2021,
        rotation={"share": 0.25, "destinations": "random", "min_years_at_school": 0},
        backbone={"places": 8, "spread": "merit"},
    )
    world = set_up(rules, county(schools, teachers), 4, range(500))
    from workforce_sim.simulation.block import start_rules

    start_rules(world)
    world.calendar.run()
    people = world.pool.people
    awarded = (people.award[:, :40] >= 0).sum(axis=0)
    moved = (people.school[:, :40] > 0).sum(axis=0)
    assert awarded.sum() == 8 * 500
    assert moved.sum() == 10 * 500
    for counts in (awarded, moved, np.bincount(people.school[:, :40].ravel())[1:]):
        assert stats.chisquare(counts).pvalue > ALARM


@pytest.mark.parametrize(
    ("written", "law"),
    [
        (
            {"dist": "normal", "mean": 0.5, "sd": 0.1, "low": 0.3, "high": 0.9},
            stats.truncnorm(-2, 4, 0.5, 0.1),
        ),
        ({"dist": "uniform", "low": 0.2, "high": 0.6}, stats.uniform(0.2, 0.4)),
        (
            {"dist": "triangular", "low": 0.1, "mode": 0.2, "high": 0.9},
            stats.triang(1 / 8, 0.1, 0.8),
        ),
        ({"dist": "beta", "a": 2, "b": 5}, stats.beta(2, 5)),
        ({"dist": "pert", "low": 0.0, "mode": 0.25, "high": 1.0}, stats.beta(2, 4)),
    ],
    ids=lambda v: v["dist"] if isinstance(v, dict) else "",
)
def test_sampled_assumptions_follow_their_distribution(written, law):
    rules: Scenario = scenario(backbone={"renewed_share": written})
    world = set_up(rules, county(SCHOOLS, YOUNG[:1]), 9, range(4000))
    values = world.numbers["backbone.renewed_share"]
    assert stats.kstest(values, law.cdf).pvalue > ALARM
    assert np.array_equal(
        values,
        sample(rules.backbone.renewed_share, world.draws.once("assumption backbone.renewed_share")),
    )
