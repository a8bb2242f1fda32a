"""A mail without what its writer did not write this time."""

import time

import pytest

from sales_agent.agents.mail_cleaning import own_words
from sales_agent.agents.visible_text import one_line, plain

QUOTE_HEADS = [
    "On Mon, Mar 3, 2026 at 10:00 AM Tom Weber <tom@northwind.example> wrote:",
    "On Mon, Mar 3, 2026 at 10:00 AM Tom Weber\n<tom@northwind.example> wrote:",
    "Am 03.03.2026 um 10:00 schrieb Tom Weber <tom@northwind.example>:",
    "Le lun. 3 mars 2026 à 10:00, Tom Weber <tom@northwind.example> a écrit :",
    "El lun, 3 mar 2026 a las 10:00, Tom Weber (<tom@northwind.example>) escribió:",
    "Il giorno lun 3 mar 2026 alle ore 10:00 Tom Weber <tom@northwind.example> ha scritto:",
    "Op ma 3 mrt 2026 om 10:00 schreef Tom Weber <tom@northwind.example>:",
    "Den mån 3 mars 2026 kl 10:00 skrev Tom Weber <tom@northwind.example>:",
    "Em seg., 3 de mar. de 2026, Tom Weber <tom@northwind.example> escreveu:",
    "2026年3月3日 10:00 Tom Weber <tom@northwind.example> 写道\uff1a",
    "-----Original Message-----",
    "-------- Weitergeleitete Nachricht --------",
    "---------- Forwarded message ---------",
    "From: Tom Weber <tom@northwind.example>\nSent: Monday, March 3, 2026 10:00 AM\nTo: Anna\nSubject: Offer",
    "Von: Tom Weber <tom@northwind.example>\nGesendet: Montag, 3. März 2026\nAn: Anna\nBetreff: Angebot",
    "________________________________\nFrom: Tom Weber <tom@northwind.example>\nDate: Monday",
    "*From:* Tom Weber <tom@northwind.example>\n*Sent:* Monday",
]


@pytest.mark.parametrize("head", QUOTE_HEADS)
@pytest.mark.parametrize("mark", ["", "> "])
def test_everything_from_a_quotes_head_on_is_left_out(head: str, mark: str) -> None:
    mail = f"That works for us.\n\nWhat about SSO?\n\n{head}\n{mark}Hi Anna,\n{mark}old words\n"
    assert own_words(mail) == "That works for us.\n\nWhat about SSO?"


@pytest.mark.parametrize(
    ("mail", "kept"),
    [
        ("Fine.\n\nBest regards,\nAnna Berg\nHead of Sales\n+49 30 1234567", "Fine."),
        ("Passt.\n\nMit freundlichen Grüßen\nAnna Berg\nAcme GmbH", "Passt."),
        ("Ok.\n-- \nAnna Berg\nAcme", "Ok."),
        ("Ok.\n\nSent from my iPhone", "Ok."),
        ("Ok.\n\nVon meinem iPhone gesendet", "Ok."),
        ("Ok.\n\nGet Outlook for iOS", "Ok."),
        ("Ok.\n\nThis email and any attachments are confidential and intended only for you.", "Ok."),
        # A closing formula in the middle of a letter, or as the whole mail, is the letter.
        ("Thanks!\nAnna", "Thanks!\nAnna"),
        ("Thanks", "Thanks"),
        ("Best\n" + "\n".join(f"line {n}" for n in range(20)), "Best\n" + "\n".join(f"line {n}" for n in range(20))),
        # Their answers between the lines of ours are theirs, ours are not.
        ("> Do you use HubSpot?\nYes, since 2024.\n> How many people?\nTwelve.", "Yes, since 2024.\nTwelve."),
        ("> only quoted\n> text", ""),
        ("", ""),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("On Monday we decide. On Tuesday we wrote: nothing.", "On Monday we decide. On Tuesday we wrote: nothing."),
    ],
)
def test_signatures_and_quotes_go_and_words_stay(mail: str, kept: str) -> None:
    assert own_words(mail) == kept


@pytest.mark.parametrize(
    "piece",
    [
        "On ",
        "\n",
        "> ",
        "-",
        "_ ",
        "On a\n",
        "Am 3 schrieb ",
        "*From:* x\n",
        "From: x\nTo: y\n",
        "wrote:\n",
        " \t\n",
        "--\n",
    ],
)
def test_no_mail_takes_long_to_clean_however_it_is_made(piece: str) -> None:
    began = time.perf_counter()
    own_words(piece * 300_000)
    assert time.perf_counter() - began < 1


def test_only_visible_signs_are_left() -> None:
    assert plain("a\u200bb\u202ec\x00d\r\ne\tf") == "abcd\ne f"


@pytest.mark.parametrize(
    ("text", "longest", "line"),
    [
        ("two\nlines  here", 40, "two lines here"),
        ("one two three four", 12, "one two…"),
        ("unbreakableword", 8, "unbreak…"),
        ("", 5, ""),
    ],
)
def test_a_line_is_cut_at_a_word(text: str, longest: int, line: str) -> None:
    assert one_line(text, longest) == line
