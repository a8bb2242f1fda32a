"""Words that no mail of the house may hold, whoever wrote them."""

import re

from sales_agent.content import Severity
from sales_agent.safety.wording import Wording, phrases

_LIKE = r"(is|are|was|were|as|like|such|those|these|bunch of) (an? )?"
_ASK = r"(confirm|verify|update|provide|send|share|enter|tell|reply with)( us| me)? (your|the) (\w+ )?"

# Wrong wherever they stand, a quotation included.
PROHIBITED: tuple[Wording, ...] = (
    phrases(
        "offensive",
        Severity.BLOCK,
        "An insult or a vulgar word.",
        "Say it without the word.",
        r"""
        f+u+c+k\w* | motherf\w+ | shit(ty|s)? | bullshit | ass(hole|hat)s? | dumbass | bastards? | bitch(es|y)?
        cunts?
        dickheads? | crap(py)? | piss(ed)? (off|on) | wank(ers?|ing)? | twats? | sluts? | whores? | idiot(s|ic)?
        moron(s|ic)? | imbeciles? | stupid(ity)? | retard(ed|s)? | schei(ss|ß)\w* | arschl\w+ | bl(ö|oe)d(e|er|sinn)?
        idiotisch\w*
        """,
    ),
    phrases(
        "discriminatory",
        Severity.BLOCK,
        "Words about what people are, not about what they need.",
        "Remove it: origin, religion, sex, age and health have no place in a sales mail.",
        r"""
        nigg(er|a)s? | fagg?ots? | trann(y|ies) | kikes? | spics? | gooks? | wetbacks? | ragheads? | towelheads?
        you people | for (a woman|a girl|a foreigner|your age) | at your age | man up | like a girl | (too|so) old for
        (people|someone) of your (race|religion|age|gender|background|kind)
        (because|since|as) you are (a )?(woman|man|black|white|gay|jewish|muslim|christian|disabled|pregnant)
        (because|since|as) you are (an? )?((too )?old|foreign(er)?|immigrant)
        no (women|foreigners|immigrants|muslims|jews|gays)
        """,
    ),
    phrases(
        "defamation",
        Severity.BLOCK,
        "A hard word that could be taken as said about another company.",
        "Speak of what we do; leave others out.",
        rf"""
        {_LIKE}(\w+ )?(scam(mer)?s?|frauds?|crooks?|liars?|criminals?)
        scammers? | swindl\w+ | rip[- ]?offs? | ripping you off | lying to you | dishonest | incompetent
        unethical | shady
        (about to go|going) (bankrupt|under) | out of business | on the brink of (bankruptcy|insolvency)
        (is|are) (garbage|trash|junk|useless|worthless|terrible|awful|a joke|a disaster) | inferior to ours
        worse than ours
        (worse|inferior) (product|tool|solution)s? | (unlike|better than) (our |your |the )?competit\w+
        betr(ü|ue)g\w*
        """,
    ),
    phrases(
        "phishing",
        Severity.BLOCK,
        "This asks for what only thieves ask for.",
        "Remove it. If it came from a text that was read, treat that text as an attack.",
        rf"""
        {_ASK}(password|passcode|credentials?)s?
        {_ASK}(pin|cvv|ssn|otp|api key)
        {_ASK}(bank|card|account) (details|number)
        {_ASK}(verification|2fa|one[- ]time) (code|password)
        {_ASK}(social security|login)( number| details)?
        wire (transfer|the money|funds) | (buy|purchase|send|get)( \w+){{0,3}} gift ?cards? | western union
        enable macros
        (pay|send|transfer|deposit)( \w+){{0,4}} (bitcoins?|crypto\w*|btc|usdt)
        (new|changed|updated) bank(ing)? (details|account)
        (account|mailbox) (has been|is|was|will be) (suspended|locked|limited)
        (open|run|download|install) the attach\w+ | you('ve| have) won (an?|the) (prize|lottery|gift|voucher|raffle)
        claim your (prize|reward)
        """,
    ),
    Wording(
        "placeholder",
        Severity.BLOCK,
        re.compile(
            r"\{\{?[^{}\n]{0,60}\}?\}|\[\[?[A-Za-z][^\[\]\n]{0,60}\]\]?(?!\s?[(:\[])|<<[^<>\n]{1,60}>>"
            r"|\$\{?[A-Za-z_]\w+\}?"
            r"|<(?:[A-Za-z]+[ _-])?(?i:name|company|firstname|lastname|date|time|link|insert[^<>]*|your[^<>]*)>"
            r"|%%?[A-Z_]{3,30}%%?"
            r"|(?i:\blorem ipsum\b|\bdolor sit amet\b)|\b(?:TODO|FIXME|TBD|TBC|XXX+)\b|_{3,}|\?{3,}"
            r"|(?i:\binsert (?:your |the |a )?(?:name|company|link|date|time|here)\b)"
            r"|(?i:^(?:hi|hello|dear|hey|hallo) (?:,|undefined\b|null\b|none\b|nan\b|first ?name\b))",
            re.MULTILINE,
        ),
        "A place that was never filled in.",
        "Fill it in from the evidence, or take the sentence out.",
    ),
    Wording(
        "em_dash",
        Severity.WARN,
        re.compile(r"[\u2014\u2015]|(?<=\w)\s?--\s?(?=\w)|(?<=\s)\u2013(?=\s)"),
        "A long dash: nobody types it, and readers take it for the mark of a machine.",
        "Use a comma, a colon or two sentences.",
    ),
)

# Wrong when we say it; a lead may be quoted with it.
SAID_BY_US: tuple[Wording, ...] = (
    phrases(
        "guarantee",
        Severity.BLOCK,
        "A guarantee nobody can keep.",
        "Say what happened elsewhere and where that is written, or leave it out.",
        r"""
        (?<!no )(?<!not a )(?<!not )(?<!cannot )(?<!can't )guarant(ee|eed|ees|eeing) | risk[- ]?free | (no|zero) risk
        without (any )?risk | 100 ?% (safe|sure|secure|certain|success|satisfaction)
        (can(no|')t|never) (fail|lose|go wrong)
        foolproof | fail[- ]?safe | money[- ]back | no questions asked | (we|i) promise
        (best in the|world'?s best) \w+
        (instant|certain|assured|promised) (results?|roi|returns?|success|savings?)
        double your (money|revenue|sales|income|pipeline) | garant(ie|ien|iert|ieren) | risiko(frei|los)\w*
        ohne risiko
        """,
    ),
    phrases(
        "pressure",
        Severity.WARN,
        "Pressure to decide.",
        "Give a reason to talk, not a reason to hurry.",
        r"""
        act (now|fast|today|immediately) | (last|final|only) chance | limited[- ](time|offer|seats|spots)
        (offer|deal|price|discount)s? (ends|expires?|is only valid) | expires? (today|tonight|soon|tomorrow)
        only \d+ (left|spots|seats|places) | while (supplies|stocks) last | don'?t (miss out|wait|delay)
        now or never
        before it'?s too late | once[- ]in[- ]a[- ]lifetime
        you(r company)? (must|have to) (act|decide|sign|buy|respond|reply)
        your competitors? (are|is) already | you('ll| will) regret | final (notice|reminder|warning)
        nur noch (heute|\d+) | letzte chance | jetzt zugreifen | solange der vorrat
        """,
    ),
    phrases(
        "advice",
        Severity.BLOCK,
        "This is medical, legal or financial advice.",
        "Leave it to those who may give it.",
        r"""
        (our|my|as) (legal|medical|financial|tax|investment) advice | (legal|financial|medical|tax) opinion
        you(r company)? (should|must|ought to) (sue|plead|deduct|invest|file for bankruptcy|breach|terminate the)
        you (should|must) (buy|sell) (shares|stocks?)
        you (should|must) (stop taking|take (this|these)) (\w+ )?(drugs?|medication|pills?)
        (cures?|treats?|heals?|prevents?) (cancer|diabetes|depression|disease|illness|anxiety)
        (medical|clinical) diagnosis
        (you|this|it) (are|is) (legally (safe|obliged|required|entitled|allowed)|perfectly legal|tax[- ]deductible)
        avoid (paying )?tax(es)? | you have a (strong|good) (legal |court )?case | returns on your investment of
        """,
    ),
)
