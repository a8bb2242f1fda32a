"""Generated pages leave nothing out and show no value of whoever writes them."""

from sales_agent.config import Settings
from tools.generate import env_example
from tools.generate.markdown import table
from tools.generate.settings_rows import setting_rows


def test_every_setting_has_a_row_with_a_section_and_a_sentence() -> None:
    rows = list(setting_rows())
    assert [row.variable for row in rows] == [name.upper() for name in Settings.model_fields]
    assert all(row.section and row.description.endswith(".") for row in rows)


def test_an_example_can_be_read_back_as_the_defaults() -> None:
    lines = [line for line in env_example.render().splitlines() if line and not line.startswith("#")]
    written = dict(line.split("=", 1) for line in lines)
    chosen = Settings(**{name.lower(): value for name, value in written.items()}, _env_file=None)
    for name in written:
        field = Settings.model_fields[name.lower()]
        assert getattr(chosen, name.lower()) == field.default, name


def test_an_example_holds_no_secret_and_no_hook_of_a_test() -> None:
    page = env_example.render()
    assert "HUBSPOT_ACCESS_TOKEN=\n" in page
    assert "TEST_" not in page


def test_a_cell_cannot_break_its_table() -> None:
    assert table(("a",), [("x | y\nz",)]) == "| a |\n| --- |\n| x \\| y z |\n"
