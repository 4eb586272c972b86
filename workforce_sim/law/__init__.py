"""Retirement and the standard: law as dated, cited data, and the few functions that read it."""

from workforce_sim.law.months import format_month, month, parse_month
from workforce_sim.law.retirement import (
    CATEGORIES,
    Category,
    Retirement,
    RetirementLaw,
    chosen_retirement_month,
    delay_months,
    legal_retirement_month,
    load_retirement_law,
    old_age_months,
    retirement,
    retirement_month,
)
from workforce_sim.law.standard import Indicator, Standard, load_standard

LAW_VERSION = f"retirement {load_retirement_law().version}; standard {load_standard().version}"
"""Which law a run was made under, for its manifest."""

__all__ = [
    "CATEGORIES",
    "LAW_VERSION",
    "Category",
    "Indicator",
    "Retirement",
    "RetirementLaw",
    "Standard",
    "chosen_retirement_month",
    "delay_months",
    "format_month",
    "legal_retirement_month",
    "load_retirement_law",
    "load_standard",
    "month",
    "old_age_months",
    "parse_month",
    "retirement",
    "retirement_month",
]
