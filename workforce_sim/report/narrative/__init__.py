"""Sentences about a projection, written from its numbers by rules: each stands once, here.

The terminal, the report, the workbook and the briefing say the same in the same words.
"""

from workforce_sim.report.narrative.answer import answer, paragraph, points
from workforce_sim.report.narrative.evidence import evidence, first_years, schools_at_risk
from workforce_sim.report.narrative.grounds import (
    assumptions_text,
    limits,
    origin,
    source_name,
    synthetic,
)
from workforce_sim.report.narrative.question import question

__all__ = [
    "answer",
    "assumptions_text",
    "evidence",
    "first_years",
    "limits",
    "origin",
    "paragraph",
    "points",
    "question",
    "schools_at_risk",
    "source_name",
    "synthetic",
]
