"""The page at /docs shows what stands in backticks as code, and nothing of it as markup."""

from sales_agent.bootstrap.docs_page import page


def described(about: str) -> str:
    """The page of an API with one door, of which everything says the same."""
    door: dict[str, object] = {"tags": ["drafts"], "description": about, "responses": {"200": {}}}
    return page(
        {
            "info": {"title": "Sales Agent", "version": "1", "description": about},
            "tags": [{"name": "drafts", "description": about}],
            "paths": {"/a": {"get": door}, "/b": {"get": {**door, "description": "", "summary": about}}},
        }
    )


def test_code_is_shown_as_code_wherever_words_stand():
    shown = described("Carry a key (`sales-agent keys create`), or `sign\nin`.")

    assert shown.count("Carry a key (<code>sales-agent keys create</code>), or <code>sign\nin</code>.") == 4
    assert "`" not in shown


def test_code_is_escaped_as_all_words_are():
    shown = described('Send `<b>` & `a"b`, not <i>; a lone ` stays.')

    assert shown.count("Send <code>&lt;b&gt;</code> &amp; <code>a&quot;b</code>, not &lt;i&gt;; a lone ` stays.") == 4
