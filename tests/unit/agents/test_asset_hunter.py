"""Files that fit, and only those the prospect can open."""

import pytest
from pydantic import TypeAdapter

from sales_agent.agents.asset_hunter import AssetHunter, RankAssets, RankedAssets, asset_query, asset_text
from sales_agent.agents.base import AgentInputInvalid
from sales_agent.agents.reading import OpenQuestion, ThreadReading
from sales_agent.connectors.files.reader import FileEntry
from sales_agent.connectors.llm.local_embedding import LocalEmbedder
from tests.factories.agents import LEAD, make_file, make_lead

FILES = (
    make_file("sso", "Security_and_SSO_Whitepaper.pdf", "SSO, SAML, data protection, hosting"),
    make_file("price", "Pricing overview.pdf", "Plans and prices for teams"),
    make_file("picnic", "Company picnic.pdf", "Photos of last summer"),
)


async def rank(query: str, *files: FileEntry, **changes: object) -> RankedAssets:
    values: dict[str, object] = {"files": files or FILES, "lead_address": LEAD, "query_text": query, **changes}
    return await AssetHunter().execute(RankAssets(**values))  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("Do you support SSO with SAML?", ["sso"]),
        ("What are your prices for a team of ten?", ["price"]),
        ("We sell bicycles", []),
        ("", []),
    ],
)
async def test_the_file_that_shares_words_comes_first(query: str, best: list[str]) -> None:
    assert [asset.file_id for asset in (await rank(query)).best] == best


async def test_vectors_help_where_words_are_spelt_otherwise() -> None:
    embedder = LocalEmbedder()
    query = "Where are passwords and personal data hosted, which protections exist?"
    vectors = await embedder.embed([query, *map(asset_text, FILES)])
    by_id = {file.id: vector for file, vector in zip(FILES, vectors[1:], strict=True)}
    ranked = await rank(query, query_vector=vectors[0], file_vectors=by_id)
    assert ranked.best[0].file_id == "sso"
    assert 0 < ranked.best[0].score <= 1


async def test_a_file_the_prospect_cannot_open_is_listed_and_not_offered() -> None:
    locked = make_file("locked", "SSO guide.pdf", "SSO", is_open=False)
    ranked = await rank("SSO", locked)
    assert ranked.best == ()
    assert [(file.file_id, file.reason) for file in ranked.unreadable] == [("locked", "not shared with the prospect")]


async def test_what_worked_for_similar_leads_moves_up() -> None:
    twins = (make_file("a", "SSO guide one.pdf"), make_file("b", "SSO guide two.pdf"))
    assert [asset.file_id for asset in (await rank("SSO guide", *twins)).best] == ["a", "b"]
    ranked = await rank("SSO guide", *twins, similar_asset_ids=("b",))
    assert [asset.file_id for asset in ranked.best] == ["b", "a"]
    assert "worked for similar leads" in ranked.best[0].reason


async def test_only_a_handful_is_kept() -> None:
    many = tuple(make_file(f"f{n}", f"SSO guide {n}.pdf", is_open=n % 2 == 0) for n in range(50))
    ranked = await rank("SSO guide", *many)
    assert (len(ranked.best), len(ranked.unreadable)) == (5, 5)


def test_files_are_looked_for_by_the_wish_and_the_open_questions() -> None:
    reading = ThreadReading(open_questions=(OpenQuestion("Do you have SSO?", "m1"),))
    assert asset_query(make_lead("We need a CRM"), reading) == "We need a CRM\nDo you have SSO?"


async def test_a_ranking_survives_being_written_down() -> None:
    adapter = TypeAdapter(RankedAssets)
    ranked = await rank("SSO")
    assert adapter.validate_json(adapter.dump_json(ranked)) == ranked


async def test_vectors_of_different_widths_are_refused() -> None:
    with pytest.raises(AgentInputInvalid, match="width"):
        await rank("SSO", query_vector=[1.0], file_vectors={"sso": [1.0, 0.0]})
