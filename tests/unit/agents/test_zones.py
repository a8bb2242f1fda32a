"""Where a time zone is learnt, and what is not guessed."""

from zoneinfo import ZoneInfo

import pytest

from sales_agent.agents.countries import country_code, country_of_domain
from sales_agent.agents.slot_labels import slot_label, utc_offset
from sales_agent.agents.zones import ZoneFound, ZoneSource, find_zone, zone_name
from tests.factories.agents import NOW

SELLER = ZoneFound("Europe/Berlin", ZoneSource.SELLER, "DE")


def find(**known: str) -> ZoneFound:
    given = {"crm_time_zone": "", "phone": "", "country": "", "domain": "", **known}
    return find_zone(**given, seller=SELLER, year=2026)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("europe_slash_berlin", "Europe/Berlin"),
        ("us_slash_eastern", "America/New_York"),
        ("us_slash_pacific", "America/Los_Angeles"),
        ("america_slash_port_hyphen_au_hyphen_prince", "America/Port-au-Prince"),
        ("america_slash_argentina_slash_buenos_aires", "America/Argentina/Buenos_Aires"),
        ("etc_slash_gmt_plus_5", "Etc/GMT+5"),
        ("Europe/Oslo", "Europe/Oslo"),
        ("america/new york", "America/New_York"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("utc", "Etc/UTC"),
        ("middle_earth_slash_shire", ""),
        ("../../etc/passwd", ""),
        ("", ""),
    ],
)
def test_zones_are_read_in_every_spelling(written: str, name: str) -> None:
    assert zone_name(written) == name


@pytest.mark.parametrize(
    ("known", "zone", "source", "country"),
    [
        ({"crm_time_zone": "asia_slash_tokyo", "phone": "+12125551234"}, "Asia/Tokyo", "crm_property", "JP"),
        ({"phone": "+1 212 555 1234"}, "America/New_York", "phone", "US"),
        ({"phone": "+14155552671"}, "America/Los_Angeles", "phone", "US"),
        ({"phone": "+61 2 9374 4000"}, "Australia/Sydney", "phone", "AU"),
        ({"phone": "+34 612 345 678"}, "Europe/Madrid", "phone", "ES"),
        ({"phone": "030 1234567", "country": "Germany"}, "Europe/Berlin", "phone", "DE"),
        ({"phone": "020 7946 0018", "domain": "acme.co.uk"}, "Europe/London", "phone", "GB"),
        # A toll-free number rings anywhere, so the country has to speak, and it has many zones.
        ({"phone": "+1 800 555 0199", "country": "US"}, "Europe/Berlin", "seller", "US"),
        ({"phone": "not a number", "country": "Nepal"}, "Asia/Kathmandu", "country", "NP"),
        ({"country": "Deutschland"}, "Europe/Berlin", "country", "DE"),
        ({"country": "United Kingdom"}, "Europe/London", "country", "GB"),
        ({"country": "NZ"}, "Pacific/Auckland", "country", "NZ"),
        ({"country": "China"}, "Asia/Shanghai", "country", "CN"),
        ({"country": "USA"}, "Europe/Berlin", "seller", "US"),
        ({"country": "Canada"}, "Europe/Berlin", "seller", "CA"),
        ({"country": "Australia"}, "Europe/Berlin", "seller", "AU"),
        ({"country": "Brasil"}, "Europe/Berlin", "seller", "BR"),
        ({"country": "Russia"}, "Europe/Berlin", "seller", "RU"),
        ({"country": "Mexico"}, "Europe/Berlin", "seller", "MX"),
        ({"country": "Indonesia"}, "Europe/Berlin", "seller", "ID"),
        ({"domain": "acme.fr"}, "Europe/Paris", "domain", "FR"),
        ({"domain": "acme.io"}, "Europe/Berlin", "seller", "DE"),
        ({"domain": "acme.example"}, "Europe/Berlin", "seller", "DE"),
        # A stated country of many zones is not answered by the zone of another one.
        ({"country": "US", "domain": "acme.de"}, "Europe/Berlin", "seller", "US"),
        ({"country": "Atlantis"}, "Europe/Berlin", "seller", "DE"),
        ({}, "Europe/Berlin", "seller", "DE"),
    ],
)
def test_the_surest_source_wins_and_many_zones_are_no_answer(
    known: dict[str, str], zone: str, source: str, country: str
) -> None:
    assert find(**known) == ZoneFound(zone, ZoneSource(source), country)


@pytest.mark.parametrize(
    ("text", "code"), [("usa", "US"), ("Österreich", "AT"), ("UAE", "AE"), ("ch", "CH"), ("", ""), ("nowhere", "")]
)
def test_countries_are_known_by_name_and_code(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("domain", "code"), [("a.co.uk", "GB"), ("a.de", "DE"), ("a.com", ""), ("a.ai", ""), ("a.com.au", "AU"), ("", "")]
)
def test_a_domain_tells_a_country_only_where_it_is_one(domain: str, code: str) -> None:
    assert country_of_domain(domain) == code


@pytest.mark.parametrize(
    ("zone", "language", "label"),
    [
        ("Europe/Berlin", "en", "Thursday, 19 November 2026, 11:00 Berlin time (UTC+1)"),
        ("Europe/Berlin", "de", "Donnerstag, 19. November 2026, 11:00 Uhr Ortszeit Berlin (UTC+1)"),
        ("America/New_York", "en", "Thursday, 19 November 2026, 5:00 am New York time (UTC-5)"),
        ("Asia/Kathmandu", "en", "Thursday, 19 November 2026, 15:45 Kathmandu time (UTC+5:45)"),
        ("Australia/Sydney", "en", "Thursday, 19 November 2026, 9:00 pm Sydney time (UTC+11)"),
        ("America/St_Johns", "fr", "Thursday, 19 November 2026, 6:30 am St Johns time (UTC-3:30)"),
        ("Etc/UTC", "en", "Thursday, 19 November 2026, 10:00 (UTC)"),
        ("Africa/Cairo", "en", "Thursday, 19 November 2026, 12:00 Cairo time (UTC+2)"),
    ],
)
def test_a_time_is_told_the_way_its_reader_would(zone: str, language: str, label: str) -> None:

    assert slot_label(NOW.astimezone(ZoneInfo(zone)), zone, language) == label


def test_utc_is_told_without_a_number() -> None:
    assert utc_offset(NOW) == "UTC"
