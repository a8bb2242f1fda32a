"""Topics that always go to a person, whether the mail raises them or the lead does."""

from sales_agent.content import Severity
from sales_agent.safety.wording import Wording, phrases


def _topic(code: str, what: str, written: str) -> Wording:
    return phrases(
        f"escalate_{code}",
        Severity.WARN,
        f"This is about {what}: a person decides.",
        "Read the thread, then decide.",
        written,
    )


TOPICS: tuple[Wording, ...] = (
    _topic(
        "refund",
        "a refund",
        "refund\\w* | money back | reimburs\\w+ | charge ?back | erstatt\\w+ | r(ü|ue)ckzahlung | remboursement",
    ),
    _topic(
        "price",
        "money",
        r"""
        pric(e[ds]?|ing|ey) | (how much|what) [^.?!]{0,40}costs? | costs? (per|a|each) | quotes? | quotation
        discounts?
        cheaper | budgets? | fees? | invoic\w+ | preis\w* | kosten | preisangebot\w* | rabatt\w* | prix | tarifs?
        precios?
        [$€£¥] ?\d+ | \d[\d.,]* ?([$€£¥]|(usd|eur|gbp|chf|dollars?|euros?))
        """,
    ),
    _topic(
        "contract",
        "a contract",
        r"""
        contract\w* | agreements? | terms (and conditions|of (use|service|business|payment|contract)) | clauses?
        nda | msa | dpa | sla | liabilit\w+ | indemnit\w+
        vertr(a|ä)g\w* | agb | k(ü|ue)ndig\w+ | auftragsverarbeitung\w* | contrats?
        """,
    ),
    _topic(
        "legal",
        "the law",
        r"""
        legal(ly)? | lawyers? | attorneys? | lawsuits?
        (will|going to|threaten to|could) sue | suing | court | gdpr | dsgvo | ccpa
        data protection
        compliance | subpoena | anw(a|ä)lt\w* | rechtlich\w* | rechtsabteilung | klage | datenschutz\w* | avocats?
        """,
    ),
    _topic(
        "security",
        "security",
        r"""
        security | soc ?[123] | iso ?27\d{3} | hipaa | pen(etration)?[ -]?tests? | vulnerabilit\w+
        breach\w*
        encrypt\w+ | sso | fedramp | sicherheit\w* | verschl(ü|ue)ssel\w+
        """,
    ),
    _topic(
        "human",
        "somebody who asks for a person",
        r"""
        (talk|speak|chat|connect me|put me through) (to|with) (an?|some|the|your) ?(real|live)? ?(human|person|manager)
        (talk|speak|chat) (to|with) (someone|somebody|(an? )?(agent|supervisor|sales rep\w*)) | real (human|person)
        are you (a |an )?(bot|robot|human|real|ai)
        (is this|am i talking to) (a |an )?(bot|robot|ai|automated|machine)
        complain\w* | supervisor | mit einem menschen | beschwer\w+
        """,
    ),
    _topic(
        "opt_out",
        "somebody who may want no more mail",
        r"""
        unsubscrib\w+ | opt(ing)?[ -]?out | (stop|quit) (e-?mailing|contacting|writing|sending|messaging)
        leave (me|us) alone
        remove (me|us|my) | take (me|us) off | (do not|don't|never) (e-?mail|contact|write|message)( to)? (me|us)
        delete my (data|details|information|account) | not interested | no longer interested | abmelden | austragen
        keine (weiteren )?(e-?mails?|mails|nachrichten|werbung) | l(ö|oe)schen sie | kein interesse
        d(é|e)sabonner\w*
        d(é|e)sinscri\w+
        """,
    ),
)

# The lead's own percentages describe the lead; ours promise something.
PERCENTAGE = _topic("percentage", "a percentage", r"\d[\d.,]* ?(%|percent|per cent|prozent)")
