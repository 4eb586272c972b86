"""Counts become ratios, coefficients of difference, verdicts and probabilities."""

from workforce_sim.assessment.difference import coefficient_of_difference
from workforce_sim.assessment.projection import Projection, county_of, judge, simulate

__all__ = ["Projection", "coefficient_of_difference", "county_of", "judge", "simulate"]
