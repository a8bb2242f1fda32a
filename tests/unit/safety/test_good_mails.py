"""Mails that are fine: what the house's own writer makes of many leads, and what a good seller writes by hand."""

import itertools

import pytest

from sales_agent.agents.asset_hunter import RankedAssets
from sales_agent.agents.draft_writer import DraftWriter, WriteDraft
from sales_agent.agents.meeting_slots import ProposedSlots, Slot
from sales_agent.agents.slot_labels import slot_label
from sales_agent.connectors.llm.template import TemplateModel
from sales_agent.content import CallToAction, Severity
from sales_agent.safety.check import run_checks, worst
from sales_agent.safety.findings import CheckedDraft
from tests.factories.agents import LEAD, make_assets, make_lead, make_plan, make_slots, make_voice
from tests.factories.safety import COMPANY, FORM, GUIDE, SLOT, claim, codes, commitment, make_draft, question, request

MESSAGES = (
    "",
    "Do you connect to SAP?",
    "We need to go live in 3 weeks, is that realistic? Our 120 drivers still work on paper.",
    "Could you show us the product, please? We are a team of 40 people in Leeds and Rotterdam.",
    "Hello, I'd like to know how other food companies plan their harvest with your tool, and whether it runs offline.",
    "Wir suchen eine L\u00f6sung f\u00fcr unsere Disposition. K\u00f6nnen Sie das zeigen?",
    "Hi! We're the market leader for pumps. Please send me more on maintenance planning - ideally with screenshots.",
    "We cut downtime by 12% last year (from 50 to 44 hours) and want more of that.",
)
CALLS = (CallToAction.MEETING, CallToAction.DEMO, CallToAction.DISCOVERY, CallToAction.ANSWER)
VOICES = (
    {},
    {"formality": "formal", "greeting": "Dear {first_name} {last_name},"},
    {"formality": "casual", "phrases": ("We keep it simple",)},
    {
        "language": "de",
        "greeting": "Guten Tag {first_name} {last_name},",
        "sign_off": "Viele Gr\u00fc\u00dfe\n{seller_name}",
    },
)


def offered(zone: str, language: str) -> ProposedSlots:
    slots = make_slots(3)
    told = (Slot(slot.start, slot.end, slot_label(slot.start, zone, language)) for slot in slots.slots)
    return ProposedSlots(zone, slots.zone_source, slots.zone_is_known, tuple(told))


async def written(
    message: str, call: CallToAction, voice_changes: dict[str, object], assets: RankedAssets
) -> CheckedDraft:
    voice = make_voice(**voice_changes)
    uses_slots = call is not CallToAction.ANSWER
    slots = offered("America/New_York", voice.language)
    plan = make_plan(call, uses_slots=uses_slots, asset_id="f1")
    lead = make_lead(message)
    request_ = WriteDraft(lead=lead, next_step=plan, voice=voice, assets=assets, slots=slots)
    content = (await DraftWriter(TemplateModel()).execute(request_)).content
    return CheckedDraft(
        content=content,
        voice=voice,
        recipient=LEAD,
        asset_links=tuple(asset.link for asset in assets.best),
        untrusted={f"form.{name}": value for name, value in lead.form.items()},
        slots=3 if uses_slots else 0,
    )


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("message", MESSAGES)
async def test_the_houses_own_writer_raises_nothing_that_stops_a_mail(message, call):
    for changes, assets in itertools.product(VOICES, (RankedAssets(), make_assets("Maintenance planning guide.pdf"))):
        draft = await written(message, call, changes, assets)
        assert worst(run_checks(draft)) in {None, Severity.NOTE}, (draft.body, run_checks(draft))


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("What does it cost?", "escalate_price"),
        ("Who may see our data, is that GDPR compliant?", "escalate_legal"),
        ("Please stop emailing me.", "escalate_opt_out"),
    ],
)
async def test_the_same_writer_asks_for_a_person_where_the_lead_raises_such_a_topic(message, code):
    findings = run_checks(await written(message, CallToAction.ANSWER, {}, RankedAssets()))
    assert code in codes(findings)
    assert worst(findings) is Severity.WARN


BY_HAND = (
    (
        claim("You asked whether we connect to your ERP before the summer.", FORM),
        claim("The integration guide covers SAP and Oracle.", GUIDE),
        request("Would one of these times suit you for a 30-minute call?"),
        commitment(f"- {SLOT.text}", SLOT),
    ),
    (
        claim("Thanks for telling me about the ERP at Brightfab.", FORM, COMPANY),
        question("Which ERP do you run, and who looks after it?"),
        request("Could you tell me by reply?"),
    ),
    (
        claim("You would like the connection before the summer.", FORM),
        claim("With the integration guide, Kestrel Foods typed 40% less.", GUIDE),
        request("Shall we look at it together?"),
    ),
    (
        question("I was glad to read your message, and I am sorry that my answer took a day."),
        claim("Before I suggest anything, I'd like to understand how Brightfab handles this today.", COMPANY),
        request("When would you have half an hour?"),
    ),
    (
        question("I'm out of the office on Friday, so please take your time."),
        request("Does next week suit you better?"),
    ),
    (
        question("How many people would use it: 5, 50 or 500?"),
        request("Is Tuesday at 3 pm or Wednesday at 10 am better?"),
    ),
    (
        claim("The answer depends on how Brightfab works, so I'd like to go through it with you.", COMPANY),
        request("Is there anything else I should know before I answer in detail?"),
    ),
)
# A percentage is a person's to approve even where a paper says it.
MAY_WARN = {"escalate_percentage"}


@pytest.mark.parametrize("said", BY_HAND)
def test_a_good_mail_by_hand_raises_nothing(said):
    findings = [finding for finding in run_checks(make_draft(*said, slots=2)) if finding.code not in MAY_WARN]
    assert worst(findings) in {None, Severity.NOTE}, findings
