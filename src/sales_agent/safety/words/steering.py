"""Words of people who talk to the machine instead of to the seller, as traces in a finished mail."""

import re

from sales_agent.content import Severity
from sales_agent.safety.wording import Wording, phrases

ECHOED = "Somebody's instruction to the machine stands in the mail."
FIX = "Write the mail anew without the text it came from, and read that text yourself."

_FORGET = r"(ignore|disregard|forget|override|overrule|bypass|neglect)"
_DROP = r"(skip|discard|drop|cancel|erase|delete|abandon)"
_THE = r"((all|any|the|your|these|those|this|that|of|its|every) )*"
_OLD = r"(previous|prior|above|earlier|preceding|former|existing|original|initial|system|other|safety)( \w+)?"
_ORDERS = (
    r"(instructions?|prompts?|directions?|rules?|guidelines?|commands?|context|text|constraints?|orders?|policies)"
)
_LIMITS = r"(restrictions?|filters?|guardrails?|safeguards?|limitations?|moderation|censorship|guidelines)"
_MODEL = r"((large )?language model|llm|ai (language )?(model|assistant)|chatbot|virtual assistant)"
_MODE = r"(developer|god|sudo|unrestricted|jailbreak|dan|debug|opposite)"
_SHOW = r"(reveal|show|print|repeat|output|display|leak|dump|disclose|expose|tell me|what (is|are|was|were))"
_HENCEFORTH = r"(from now on|starting now|henceforth)"
_GOODS = (
    r"(conversation|thread|history|inbox|contacts?|customers?|leads?|database|records?|credentials?|passwords?|secrets?"
    r"|tokens?|keys?|e-?mails?|data|files?|notes?|messages?)"
)
_SEND = r"(forward|send|e-?mail|bcc|cc|copy|export|leak|upload|post|exfiltrate|transmit)"
_THEIRS = r"((me|us|this|that|it|all|the|every|your|a|list|of|our|internal) )*"
_ELSEWHERE = r"(to|at|via) (\S+@\S+|https?\S+|www\.\S+|\S+\.[a-z]{2,}/\S*|this (address|e-?mail|number|link|url))"

STEERING: tuple[Wording, ...] = (
    phrases(
        "instruction_echoed",
        Severity.BLOCK,
        ECHOED,
        FIX,
        rf"""
        {_FORGET} {_THE}{_OLD} {_ORDERS} | {_FORGET} {_THE}(previous|prior|above|earlier|system) {_ORDERS}
        {_FORGET} {_THE}(instructions?|guidelines|programming)
        {_FORGET} (all of )?my (previous |earlier )?instructions
        {_DROP} {_THE}(previous|prior|above|earlier|system) (instructions?|prompts?|directions?|guidelines)
        (ignore|disregard|forget) (everything|anything|all)( \w+){{0,6}} (above|before|said|told|so far|prior|written)
        (ignore|disregard|forget) (everything|all of (the|that|this)|the above)
        (ignore|disregard|forget) what (i|you|they|we) (said|were told|wrote)
        (do not|don't|stop) (follow|obey)(ing)? {_THE}({_OLD} )?(instructions?|rules|guidelines)
        (secret|hidden|real) (system )?(instructions?|prompts?|directives?)
        (new|updated|revised|actual|special|following|these) (system )?(instructions?|prompts?|directives?) ?:
        (follow|obey|execute|carry out|comply with) (these|the following|my|all) (\w+ )?(instruction|command|order)s?
        your (new|real|true|actual|only|sole) (instructions?|directives?|persona)
        your (new|real|true|actual|only|sole) (task|purpose|objective) is
        you (must|will|shall|have to) obey \w+
        {_HENCEFORTH},? (the assistant|respond|reply|answer|always)
        {_HENCEFORTH},? you (are|will|must|should) (act|be|respond|only|answer|always|reply|an?|no longer)
        """,
    ),
    phrases(
        "prompt_leaked",
        Severity.BLOCK,
        "Words about the machine's own prompt stand in the mail.",
        FIX,
        rf"""
        (system|developer|initial|hidden|secret|base|original|internal|pre-?) ?prompts? | prompt injection
        {_SHOW} (me )?your (\w+ )?(instructions?|prompts?|guidelines|configuration|training data)
        {_SHOW} (me )?the (system|hidden|original|secret|initial|full) (instructions?|prompts?|guidelines|configuration)
        (repeat|print|output|copy) (everything|all|the (words|text)) (above|before|verbatim)
        confidential instructions
        my (instructions|guidelines|programming) (are|say|is|tell) | (above|previous|prior|original) instructions
        (i|we) (was|were|am|have been) (instructed|programmed|prompted) (to|not|by) | instructions you were given
        """,
    ),
    phrases(
        "role_changed",
        Severity.BLOCK,
        "The mail speaks as, or to, a machine that was given another role.",
        FIX,
        rf"""
        you are now (an? (\w+ )?(ai|assistant|bot|model|hacker|pirate|agent)|dan|free from|unrestricted|in {_MODE} mode)
        you are no longer (bound|restricted|limited|an? (ai|assistant|bot|model)) | {_MODE} mode
        jail ?brea?k(s|ed|ing)?
        (act|behave|respond|answer|role-?play) as (if you|though you|dan|an? (unrestricted|evil|ai|hacker|terminal))
        pretend (to be|you are|you're|that you) | (play|adopt|assume|take on) the (persona|character) of
        stay in character
        (disable|turn off|remove|bypass|ignore|without)( any| all| your| the)* (content|safety|ethical) {_LIMITS}
        do anything now | uncensored | pwned | (hacked|owned) by \w+ | i have been (hacked|compromised)
        """,
    ),
    phrases(
        "machine_speaks",
        Severity.BLOCK,
        "The model speaks about itself.",
        "Write the mail anew.",
        rf"""
        (as|i am|i'm|being) ((just|only|merely) )?an? {_MODEL} | (i am|i'm) an? (ai|bot|machine|computer program)
        as an ai,? i | i'm sorry,? but (as an|i (can't|cannot|am unable to) (assist|help|fulfil+|comply))
        i (cannot|can't|can not|am unable to|am not able to) (fulfil+|comply with|assist with) (this|that|your|the)
        (here is|here's|below is) (the|your|an?|my) (\w+ )?(e-?mail|draft|reply|response|subject)( \w+){{0,4}} ?:
        (openai|chatgpt|anthropic)('s)? (content |usage )?polic(y|ies) | my (knowledge cutoff|training data)
        (the )?(user|assistant|human|model|lead|prospect) (asked|wants|requested|told) me to
        """,
    ),
    phrases(
        "data_asked_out",
        Severity.BLOCK,
        "The mail passes something on, or asks for something, that is not meant for its reader.",
        FIX,
        rf"""
        {_SEND} {_THEIRS}{_GOODS}( \w+)? {_ELSEWHERE} | (bcc|cc) ?: ?\S+ | add (\S+ )?(to|in|on|as) (the )?(bcc|cc)
        (internal|private|confidential) (notes?|crm|pricing|price list|data|records?) | internal (ids?|fields?)
        (call|invoke|execute) the (\w+ )?(tool|function|plugin) | mark (this|it) as (safe|approved|sent)
        (auto-?)?approved? (this|the) (draft|e-?mail|message) (automatically|without|immediately|now)
        """,
    ),
)

# Marks of prompts, chats and code: no person writes them into a sales mail.
MARKS = Wording(
    "prompt_markup",
    Severity.BLOCK,
    re.compile(
        r"<\|[^|>\n]{0,60}\|?>|\[/?INST\]|<</?SYS>>|</?s>|<!--|-->|```|~~~|(?:-{5,}|={5,}|\*{5,}|#{5,})"
        r"|</?(?:system|user|assistant|human|instructions?|prompt|tool\w*|function\w*|data|context|untrusted\w*"
        r"|evidence\w*|email|answer|thinking|think|document|message|im_start|im_end|admin|important|secret)\b[^>\n]{0,80}>"
        r"|^[ ]*#{1,6}[ ]*(?:system|user|assistant|instructions?|response|human|new|end|override|important)\b"
        r"|^[ ]*(?:system|assistant|user|human|ai|developer|instructions?|prompt|subject|to|from|bcc|output)[ ]?:"
        r"|\b(?:begin|end|start)(?:ing)?[ _-](?:of[ _-])?(?:system|prompt|instructions?|untrusted|context|secret)\b"
        r"|[{,]\s*\"(?:role|content|subject|body|sentences|tool|function|name|arguments|action|type)\"\s*:"
        r"|\b(?:import os|os\.system|subprocess|eval\(|exec\(|document\.cookie|alert\(|fetch\()"
        r"|\b(?:DROP TABLE|UNION SELECT|SELECT \* FROM)\b",
        re.IGNORECASE | re.MULTILINE,
    ),
    "Marks of a prompt, a chat or of code stand in the mail.",
    FIX,
)
