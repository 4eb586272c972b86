"""Every chart of a study has its numbers as a table, and in words."""

import pytest

from workforce_sim.report.decisions import compare, explain, seek, sensitivity
from workforce_sim.report.decisions.chart_numbers import of_chart
from workforce_sim.words import LANGUAGES, Words

STUDIES = {
    "comparison": compare,
    "sought": seek,
    "sought_several": seek,
    "explanation": explain,
    "driven": sensitivity,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", STUDIES)
def test_every_chart_has_its_numbers(name, language, request):
    study = request.getfixturevalue(name)
    words = Words(language).about(study)
    school = [study.county.schools.names[0]] if name == "explanation" else []
    drawn = dict(STUDIES[name].charts(study, words, *school))
    assert drawn
    for chart in drawn:
        table = of_chart(study, chart, words, *school)
        assert table.rows and len(set(table.heads)) == len(table.heads)
        assert not any("_" in head for head in table.heads)
        assert all(len(row) == len(table.heads) for row in table.rows)


def test_they_are_those_of_the_chart_alone(comparison, explanation):
    words = Words("en")
    rows = of_chart(explanation, "explain-L1-primary", words).rows
    assert len(rows) == len(set(explanation.parts["part"]))
    assert {row[1].split()[0] for row in rows} == {"L1"}
    rows = of_chart(comparison, "differences-verdict", words).rows
    assert {row[0] for row in rows} == {"arts-pe-40", "only-out"}  # the third is the base itself
    assert len(rows) == 2 * 3
