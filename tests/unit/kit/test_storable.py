"""What a form or a mail may bring that no database takes."""

from sales_agent.kit.storable import storable_json, storable_text, storable_texts


def test_ordinary_text_in_any_script_stays_as_it_is():
    assert storable_text("Grüße, 你好 👋\n\t") == "Grüße, 你好 👋\n\t"


def test_nul_is_left_out_and_half_a_surrogate_pair_becomes_a_question_mark():
    assert storable_text("a\x00b\ud800c") == "ab?c"
    assert storable_texts({"na\x00me": "\x00"}) == {"name": ""}


def test_a_document_is_cleaned_at_every_depth_and_keeps_its_shape():
    document = {"a\x00": ["x\x00", {"b": "\x00y", "n": 1, "t": True, "z": None}]}

    assert storable_json(document) == {"a": ["x", {"b": "y", "n": 1, "t": True, "z": None}]}
