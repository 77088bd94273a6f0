"""Holidays: days that are printed in calendars; unknown countries and years are empty, never wrong."""

from __future__ import annotations

from datetime import date

import pytest

from productloop.foundation.holidays import COUNTRIES, ZONE_COUNTRIES, holidays, known_year


@pytest.mark.parametrize(
    ("country", "day", "name"),
    [
        ("CN", "2024-02-17", "Spring Festival"),
        ("CN", "2025-10-06", "Mid-Autumn Festival"),
        ("CN", "2026-02-15", "Spring Festival"),
        ("CN", "2026-06-18", "the 618 sale"),
        ("CN", "2027-02-06", "Spring Festival"),
        ("US", "2026-11-26", "Thanksgiving"),
        ("US", "2026-05-25", "Memorial Day"),
        ("GB", "2026-04-03", "Easter"),
        ("GB", "2026-08-31", "bank holiday"),
        ("DE", "2025-06-09", "Whit Monday"),
        ("FR", "2026-05-14", "Ascension Day"),
        ("JP", "2026-03-20", "Spring Equinox"),
        ("JP", "2026-09-23", "Autumn Equinox"),
    ],
)
def test_days_of_printed_calendars(country: str, day: str, name: str) -> None:
    found = holidays(date.fromisoformat(day), date.fromisoformat(day), [country])
    assert [(one, text.en) for one, text in found[date.fromisoformat(day)]] == [(country, name)]


def test_a_working_day_and_an_unknown_country_have_none() -> None:
    assert holidays(date(2026, 6, 9), date(2026, 6, 11), COUNTRIES) == {}
    assert holidays(date(2026, 1, 1), date(2026, 1, 3), ["ZZ"]) == {}
    assert known_year("CN", 2026)
    assert not known_year("CN", 2035)
    assert not known_year("ZZ", 2026)


def test_days_come_in_order_over_years_and_every_zone_has_a_country() -> None:
    days = list(holidays(date(2025, 12, 20), date(2026, 1, 5), COUNTRIES))
    assert days == sorted(days)
    assert date(2025, 12, 25) in days
    assert date(2026, 1, 1) in days
    assert set(ZONE_COUNTRIES.values()) <= set(COUNTRIES)
