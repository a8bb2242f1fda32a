"""Topics that always go to a person, whether the mail raises them or the lead does."""

from sales_agent.content import Severity
from sales_agent.safety.wording import Wording, phrases


def _topic(code: str, what: str, written: str, severity: Severity = Severity.WARN) -> Wording:
    return phrases(
        f"escalate_{code}",
        severity,
        f"This is about {what}: a person decides.",
        "Read the thread, then decide.",
        written,
    )


# English and German, and single words of others. German nouns grow at both ends: those rows begin with any letters.
TOPICS: tuple[Wording, ...] = (
    _topic(
        "refund",
        "a refund",
        r"""
        refund\w* | money back | reimburs\w+ | charge ?backs? | credit notes? | compensat\w+ | repay\w*
        (give|want|get|return) [^.?!]{0,20}(my|our) (money|payment|deposit)
        \w*erstatt\w+ | r(ü|ue)ckzahl\w+ | zur(ü|ue)ckzahl\w+ | geld [^.?!]{0,20}zur(ü|ue)ck | gutschrift\w*
        storn\w+ | entsch(ä|ae)dig\w+ | schadens?ersatz\w* | remboursement\w*
        """,
    ),
    _topic(
        "price",
        "money",
        r"""
        pric(e[ds]?|ing|ey) | (how much|what) [^.?!]{0,40}(costs?|charge|pay) | costs? (per|a|each|of|for|estimates?|us)
        (it|this|that|total|set-?up|licen[cs]e|monthly|annual|yearly|implementation) (will |would |does |do )?costs?
        how (expensive|much is|much are) | (too|very|less|more) expensive | affordab\w+ | cheap(er|est)? | quotes?
        quotations? | discounts? | budgets? | fees? | invoic\w+ | billing | payments? | pay (per|for|monthly|yearly)
        (hourly|daily|day|monthly|annual) rates? | (free|extra) of charge | for free | negotiat\w+
        (better|special|good) (deal|terms|offer)
        \w*preis\w* | \w*kosten\w* | kostet\w* | \w*angebot(e|en|es|s)? | rabatt\w* | nachlass | nachl(ä|ae)sse
        skonto | konditionen | \w*geb(ü|ue)hr\w* | \w*rechnung(en)? | \w*zahlung(en)? | bezahl\w+ | g(ü|ue)nstiger\w*
        zu teuer | wie teuer | prix | tarifs? | tarife | precios?
        [$€£¥] ?\d+ | \d[\d.,]{0,20} ?(k|tsd\.?|mio\.?)? ?([$€£¥]|(usd|eur|gbp|chf|dollars?|euros?|franken))
        """,
    ),
    _topic(
        "contract",
        "a contract",
        r"""
        contract\w* | agreements? | terms (and|&) conditions | t&cs? | terms of (use|service|business|payment|contract)
        clauses? | order forms? | purchase orders? | notice periods? | (minimum|contract) terms? | lock-?in
        cancel\w* (my|our|the|this) (contract|subscription|order|plan|account) | terminat(e|ion) | warrant(y|ies)
        nda | msa | dpa | sla | liabilit\w+ | indemnit\w+
        \w*vertr(a|ä|ae)g\w* | agb | avv | (auf)?k(ü|ue)ndig\w+ | auftragsverarbeitung\w* | vertragslaufzeit\w*
        (geheimhaltungs|vertraulichkeits|rahmen|zusatz)vereinbarung\w* | haftung\w* | gew(ä|ae)hrleistung\w*
        contrats?
        """,
    ),
    _topic(
        "legal",
        "the law",
        r"""
        legal(ly|ity)? | illegal\w* | lawyers? | attorneys? | solicitors? | lawsuits? | litigation | liable
        (will|going to|threaten to|could) sue | suing | court | gdpr | dsgvo | ccpa | cease and desist | copyright\w*
        data protection | privacy | compliance | compliant | subpoena | regulator(s|y)? | intellectual property
        \w*anw(a|ä|ae)lt\w* | rechtlich\w* | rechts(abteilung|streit|widrig|weg|beistand|lage|grundlage)\w*
        jurist\w* | klagen? | verklag\w+ | abmahn\w+ | gericht(e|s|lich\w*)? | gesetz(e|es|lich\w*|buch\w*)? | haftbar
        urheberrecht\w* | \w*datenschutz\w* | avocats?
        """,
    ),
    _topic(
        "security",
        "security",
        r"""
        security | (how|is it|is this|is that|are they|is your \w+|data) secure(ly)? | soc ?[123] | iso ?27\d{3} | hipaa
        tisax | pci[ -]?dss | nis ?2 | pen(etration)?[ -]?tests? | vulnerab\w+ | cyber\w* | ransomware | malware
        phishing | hack(ed|er|ers|ing)? | data (leak|breach|loss|residency)\w* | breach\w* | encrypt\w+ | sso | saml
        single sign-?on | mfa | 2fa | (two|multi)[ -]factor | fedramp
        \w*sicherheit\w* | wie sicher | ist (das|es|ihr \w+|ihre \w+) sicher | datenleck\w* | gehackt
        verschl(ü|ue)ssel\w+ | zertifizier\w+ | serverstandort\w* | schwachstelle\w*
        """,
    ),
    _topic(
        "human",
        "somebody who asks for a person",
        r"""
        (talk|speak|chat|connect me|put me through) (to|with) (an?|some|the|your) ?(real|live)? ?(human|person|manager)
        (talk|speak|chat) (to|with) (someone|somebody|(an? )?(agent|supervisor|sales rep\w*))
        (real|actual|live) (human|person|people)
        human (being|agent|please) | are you (a |an )?(bot|robot|human|real|ai|machine)
        (is this|am i talking to) (a |an )?(bot|robot|ai|automated|machine|real) | not (a|another) (bot|robot)
        (call|phone|ring) (me|us)( back)? | complain\w* | supervisor
        mit (einem|einer|jemandem|irgendjemandem|einem echten) ?\w{0,12} (sprechen|reden|telefonieren)
        mit einem (echten )?menschen | echte[nrm]? (mensch\w*|person|mitarbeiter\w*|ansprechpartner\w*)
        (sind|bist|ist|spreche ich mit) (sie |du |das |hier )?(ein\w* )?(bot|roboter|maschine|ki|mensch)
        rufen sie (mich|uns) | r(ü|ue)ckruf\w* | beschwer\w+ | vorgesetzt\w+
        """,
    ),
    _topic(
        "opt_out",
        "somebody who may want no more mail",
        r"""
        unsub(scrib\w+)? | opt(ing|ed)?( me| us)?[ -]?out | (please|just) stop | leave (me|us) alone | spam\w*
        (stop|quit|cease) (all |any |this |these |your |the |sending )*(e-?mail(s|ing)?|mails|contact\w*|messag(es|ing))
        (stop|quit) (writing|sending|calling|bothering) | remove (me|us|my) | take (me|us|my \w+) off | off your list
        (do not|don['\u2019]?t|never|not) (e-?mail|contact|write|message|call|bother)( to)? (me|us)
        (do not|don['\u2019]?t) (want|wish) [^.?!]{0,30}(e-?mails?|mails?|messages?|contact\w*|hear)
        no (more|further) (e-?mails?|mails?|messages?|contact) | (not|no longer) interested | withdraw\w* (my )?consent
        (delete|erase) (my|our|all my) (data|details|information|account) | right to be forgotten
        (ab|aus)(zu)?(meld|trag|bestell)(e|en|et|ung)?
        (meld|trag|bestell)\w* (sie |mich |uns |bitte )+[^.?!]{0,40}(ab|aus)
        keine (weiteren |mehr )?(e-?mails?|mails|nachrichten|werbung|anrufe) | kein(e|en)? (weitere\w* )?kontakt\w*
        nicht (mehr |weiter )?(kontaktieren|anschreiben|anrufen|bel(ä|ae)stig\w+|schreiben|interessiert)
        (schreib|kontaktier|mail)\w* (sie )?(mir|mich|uns) [^.?!]{0,20}nicht
        l(ö|oe)sch\w+ [^.?!]{0,30}(daten|adresse|konto|mich) | l(ö|oe)schen sie | kein interesse | in ruhe | widerspr\w+
        widerruf\w* | (aus|von) (ihrem|dem|ihrer|der) (e-?mail-?|mailing)?(verteiler|liste)
        d(é|e)sabonner\w* | d(é|e)sinscri\w+ | ne plus [^.?!]{0,20}(envoyer|contacter|(é|e)crire)
        """,
    ),
)

_PERCENTAGES = r"\d[\d.,]{0,20} ?(%|\uff05|v\.? ?h\.) | \w*percent\w* | per cent | \w*prozent\w*"

# A percentage of ours promises something.
PERCENTAGE = _topic("percentage", "a percentage", _PERCENTAGES)

# One of the lead's mostly describes the lead, so that it does not warn; but no rule may pass what it may ask for.
THEIR_PERCENTAGE = _topic("percentage", "a percentage", _PERCENTAGES, Severity.NOTE)
