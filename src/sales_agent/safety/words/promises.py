"""Words that bind the seller: allowed only in a sentence that stands on the house's own papers."""

from sales_agent.content import Severity
from sales_agent.safety.wording import Wording, phrases

NEEDS_PAPERS = "Point the sentence to a file or a line of the voice that says so, or take it out."

_WE = r"(we|i|our \w+)('ll|'d| (can|will|would|could|shall|do)| (are|am) (able|happy|glad) to)? ((also|\w+ly) )?"
_YOU = r"you('ll| (will|would|can|could))? (also )?"
_MONEY = r"([$€£¥] ?\d[\d.,]*|\d[\d.,]* ?([$€£¥]|(usd|eur|gbp|chf|dollars?|euros?|pounds?)(?!\w)))"
_UNIT = (
    r"(working |business |calendar )?(minutes?|hours?|days?|weeks?|months?|quarters?|tagen?|wochen?|monaten?|stunden)"
)
_SOON = (
    rf"(by|within|in|before|until|bis|innerhalb( von)?) ((the )?(end|start) of|tomorrow|q[1-4]|(next|this) \w+"
    rf"|(about |under |less than )?(\d+|an?|one|two|three|four|five|six|ten|a few|zwei|drei|vier) {_UNIT}"
    r"|(mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|montag|dienstag|mittwoch|donnerstag|freitag|ende)"
)
_DELIVER = (
    r"(be ready|be live|deliver|launch|ship|finish|complete|implement|onboard|migrate|install|integrate"
    r"|set (it |you )?up|go live|(have|get) (it|you|this|everything)|roll out)"
)
_CERTIFICATE = r"(soc ?[123]|iso(/iec)?[ -]?\d{4,5}|hipaa|gdpr|dsgvo|pci([ -]dss)?|fedramp|hitrust|tisax|nis ?2)"
_AUDITED = (
    r"( (fully|also|both|certified|compliant|attested|audited|passed|to|for|with|under|an?|the|and|been|in line))*"
)
_CERTIFIED = r"(certified|compliant|compliance|certification|attested|ready|konform|zertifiziert)"
_OURS = r"(we|our [\w ]{1,30}?|platform|product|service|company|it)"
_PAPER = r"(contract|agreement|terms|clause|nda|dpa|msa)"


def _promise(code: str, message: str, written: str) -> Wording:
    return phrases(code, Severity.BLOCK, message, NEEDS_PAPERS, written)


PROMISES: tuple[Wording, ...] = (
    _promise(
        "price_promised",
        "A price is named or promised.",
        rf"""
        {_MONEY} ?(per|/|a|each|monthly|yearly|pro) ?\w+
        (costs?|priced at|starts? (at|from)|only|just|kostet) {_MONEY}
        price[ds]? (is|are|of|at|starts? at|from) {_MONEY} | for (only |just )?{_MONEY} | f(ü|ue)r (nur )?{_MONEY}
        free of charge | at no (extra |additional )?(cost|charge) | for free | kostenlos\w* | kostenfrei\w* | gratis
        free (trial|pilot|month|licen[cs]e|setup|onboarding) | {_WE}(waive|match) \w+
        """,
    ),
    _promise(
        "discount_promised",
        "A discount is promised.",
        rf"""
        \d+([.,]\d+)? ?(%|percent|prozent) (off|discount|cheaper|rabatt|reduction|rebate) | half[- ]price | nachlass
        {_WE}(offer|give|grant|get|provide|arrange|apply|include)\W[^.?!]{{0,40}}(discount|rebate|rabatt|credit)\w*
        {_YOU}(get|receive|have|enjoy|qualify for)\W[^.?!]{{0,40}}(discounts?|rebates?) | {_YOU}save ({_MONEY}|\d+ ?%)
        (special|exclusive|introductory|early[- ]bird|best|lowest|reduced) (price|pricing|rate|offer|deal)s?
        """,
    ),
    _promise(
        "refund_promised",
        "A refund is promised.",
        rf"""
        {_WE}(refund|reimburse|pay back|compensate|credit your)
        {_YOU}(be |get |receive )?(a |your )?(full )?(refund(ed)?|money back|reimbursed)
        (full|partial|prorated) refunds? | refunds? (is|are|will be) (available|possible|issued|processed)
        geld zur(ü|ue)ck | wir erstatten
        """,
    ),
    _promise(
        "deadline_promised",
        "A date of delivery is promised.",
        rf"""
        {_WE}{_DELIVER}\W[^.?!]{{0,60}}{_SOON} | (live|ready|delivered|up and running|implemented|onboarded) {_SOON}
        (live|einsatzbereit|fertig) {_SOON}
        """,
    ),
    _promise(
        "contract_promised",
        "Terms of a contract are promised.",
        rf"""
        no (long[- ]term (contract|commitment)|lock[- ]?in|minimum term|contract (needed|required))s?
        cancel (at )?any ?time
        jederzeit k(ü|ue)ndbar
        {_WE}(sign|accept|amend|change|waive|terminate|extend|agree to)\W[^.?!]{{0,40}}{_PAPER}
        {_WE}(agree to|accept) (your|the|these|those) \w+ | consider it (done|agreed|signed) | month[- ]to[- ]month
        """,
    ),
    _promise(
        "sla_promised",
        "A level of service is promised.",
        rf"""
        \d{{2,3}}([.,]\d+)? ?% (\w+ )?(uptime|availability|sla|verf(ü|ue)gbarkeit)
        (uptime|availability|sla) (of|is) \d+
        (24 ?/ ?7|round[- ]the[- ]clock|around the clock) (\w+ )?(support|service|monitoring|availability|coverage)
        {_WE}(respond|answer|reply|react|resolve)\W[^.?!]{{0,40}}within \d+ | (never|zero|no) downtime
        response times? (of|under|below|within) \d+
        """,
    ),
    _promise(
        "certification_promised",
        "Security or a certificate is promised.",
        rf"""
        {_OURS}('re| are| is| have| has| holds?| meets?){_AUDITED} {_CERTIFICATE}
        {_CERTIFICATE}( type (1|2|ii?))?[ -]?{_CERTIFIED}
        your data (is|are|will be|stays?) (\w+ )?(safe|secure|encrypted|protected) | (bank|military)[- ]grade
        unhackable
        we (never|do not|don't) (store|share|sell|lose|leak) (your|any) \w+
        """,
    ),
)
