"""What a roster lacks is drawn from stated priors: only where it is blank, and always the same."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workforce_sim.county import load_county
from workforce_sim.county.model import FEMALE, NO_MONTH, Roster
from workforce_sim.county.tables.columns import FILLABLE
from workforce_sim.county.tables.filling import fill, priors

COUNTY = load_county(Path(__file__).parents[3] / "configs" / "yangcheng" / "county.yaml")
PEOPLE = pd.DataFrame(dict(COUNTY.roster.columns()))
BARE = PEOPLE[["school", "sex", "birth"]]
FIELD = {"title": "senior_title", "post": "worker_post"}


def filled(people: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return fill(people, columns, COUNTY.schools, COUNTY.census)


def test_a_bare_roster_becomes_a_whole_one() -> None:
    found = filled(BARE, *FILLABLE)
    roster = Roster(**{field.name: found[field.name].to_numpy() for field in fields(Roster)})
    assert (roster.sex == COUNTY.roster.sex).all()
    assert (roster.birth == COUNTY.roster.birth).all()
    assert (roster.service - roster.birth >= 18 * 12).all()
    assert (roster.arrival >= roster.service).all()
    backbone = roster.award != NO_MONTH
    assert (roster.award >= roster.service)[backbone].all()
    assert roster.award.max() <= COUNTY.census
    # Nobody is on the roster past a legal retirement that a title would have put off.
    assert (roster.legal_retirement() > COUNTY.census).all()
    share, stage = priors(), COUNTY.staff_stage
    for code, name in enumerate(("primary", "junior")):
        here = stage == code
        assert (roster.degree[here] >= 2).mean() == pytest.approx(
            share.bachelor_share[name], abs=0.001
        )
        assert backbone[here].mean() == pytest.approx(share.backbone_share[name], abs=0.001)
    assert (roster.subject == 1).mean() == pytest.approx(share.subject_shares.pe, abs=0.001)
    taught = roster.subject > 0
    assert roster.specialist[taught].mean() == pytest.approx(share.specialist_share, abs=0.01)
    assert not roster.specialist[~taught].any()


def test_the_same_roster_is_filled_the_same_way() -> None:
    again = pd.concat([BARE])
    pd.testing.assert_frame_equal(filled(BARE, *FILLABLE), filled(again, *reversed(FILLABLE)))
    assert list(BARE.columns) == ["school", "sex", "birth"]  # the given frame is left alone


@pytest.mark.parametrize("column", FILLABLE)
def test_only_what_is_blank_changes(column: str) -> None:
    field = FIELD.get(column, "award" if column == "backbone" else column)
    people = PEOPLE.astype({field: "Int64"})
    people.loc[::3, field] = pd.NA
    if column == "award":
        people["backbone"] = PEOPLE["award"] != NO_MONTH
    found = filled(people, column)
    assert not found[field].isna().any()
    kept = np.arange(len(people)) % 3 > 0
    others = [name for name in PEOPLE if name != field]
    pd.testing.assert_frame_equal(found[others], PEOPLE[others], check_dtype=False)
    assert (found[field][kept].astype(int) == PEOPLE[field][kept].astype(int)).all()
    assert found[field][~kept].nunique() > 1
    if column == "award":
        assert ((found["award"] != NO_MONTH) == people["backbone"]).all()


def test_what_is_known_of_somebody_is_respected() -> None:
    woman_of_57 = {"school": 0, "sex": FEMALE, "birth": COUNTY.census - 57 * 12}
    came = COUNTY.census - 35 * 12
    people = pd.DataFrame([{**woman_of_57, "arrival": came, "specialist": True}])
    found = filled(people, "title", "post", "service", "subject").iloc[0]
    assert found["senior_title"]  # others have retired
    assert not found["worker_post"]
    assert found["service"] <= came
    assert found["subject"] in (1, 2, 3)


def test_nothing_else_can_be_filled() -> None:
    with pytest.raises(ValueError, match="sex"):
        filled(BARE, "sex")
