"""Words of people who talk to the machine instead of to the seller, as traces in a finished mail."""

import re

from sales_agent.content import Severity
from sales_agent.safety.wording import Wording, phrases

ECHOED = "Somebody's instruction to the machine stands in the mail."
FIX = "Write the mail anew without the text it came from, and read that text yourself."

_FORGET = r"(ignore|disregard|forget|override|overrule|bypass|skip|neglect|discard|drop|cancel|erase|delete)"
_THE = r"((all|any|the|your|my|our|these|those|this|that|of|its|every) )*"
_OLD = r"(previous|prior|above|earlier|preceding|former|existing|original|initial|system|other|safety)( \w+)?"
_ORDERS = (
    r"(instructions?|prompts?|directions?|rules?|guidelines?|commands?|messages?|context|text|constraints?|orders?"
    r"|polic(y|ies))"
)
_LIMITS = r"(restrictions?|filters?|guardrails?|safeguards?|limitations?|moderation|censorship)"
_MODEL = r"(ai|artificial intelligence|(large )?language model|llm|chatbot|virtual assistant)"
_GOODS = (
    r"(conversation|thread|history|inbox|contacts?|customers?|leads?|database|records?|credentials?|passwords?|secrets?"
    r"|tokens?|keys?|e-?mails?|data|files?)"
)
_SHOW = r"(reveal|show|print|repeat|output|display|leak|dump|disclose|expose|send|tell me|what (is|are|was|were))"
_SEND = r"(forward|send|e-?mail|bcc|cc|copy|export|leak|upload|post|exfiltrate|transmit)"
_SOME = r"((me|us|this|that|it|all|the|every|your|a|list|of|our|internal) )*"

STEERING: tuple[Wording, ...] = (
    phrases(
        "instruction_echoed",
        Severity.BLOCK,
        ECHOED,
        FIX,
        rf"""
        {_FORGET} {_THE}{_OLD} {_ORDERS} | {_FORGET} {_THE}(previous|prior|above|earlier) {_ORDERS}
        {_FORGET} {_THE}(instructions?|rules|guidelines|training|programming)
        (ignore|disregard|forget) (everything|anything|all)( \w+)* (above|before|said|told|so far|prior|written|learned)
        (ignore|disregard|forget) (everything|all of (the|that|this)|the above)
        (ignore|disregard|forget) what (i|you|they|we) (said|were told|wrote)
        (do not|don't|stop) (follow|obey)(ing)? {_THE}({_OLD} )?(instructions?|rules|guidelines)
        (new|updated|revised|real|actual|secret|hidden|special) (system )?(instructions?|prompts?|directives?)
        (following|these) (system )?(instructions?|prompts?|directives?) ?:
        (follow|obey|execute|carry out|comply with) (these|the following|my|this|all) (\w+ )?{_ORDERS}
        your (new|real|true|actual|only|sole) (task|job|goal|role|purpose|instructions?|objective|mission|persona)
        (from now on|starting now|henceforth|effective immediately),? (you|the assistant|respond|reply|answer|always)
        """,
    ),
    phrases(
        "prompt_leaked",
        Severity.BLOCK,
        "Words about the machine's own prompt stand in the mail.",
        FIX,
        rf"""
        (system|developer|initial|hidden|secret|base|original|internal|pre-?) ?prompts? | prompt injection
        system message
        {_SHOW} (me )?(your|its) (\w+ )?(instructions?|prompts?|guidelines|configuration|training data)
        {_SHOW} (me )?the (system|hidden|original|secret|initial|full) (instructions?|prompts?|guidelines|configuration)
        (repeat|print|output|copy) (everything|all|the (words|text)) (above|before|verbatim) | confidential instructions
        my (instructions|guidelines|programming|training) (are|say|is|tell)
        (above|previous|prior|original) instructions
        (i|we) (was|were|am|have been) (instructed|told|programmed|trained|prompted) (to|not|by) | token limit
        instructions (above|you were given) | context window
        """,
    ),
    phrases(
        "role_changed",
        Severity.BLOCK,
        "The mail speaks as, or to, a machine that was given another role.",
        FIX,
        rf"""
        you are (now|no longer) ((an?|the|in|my|not) )?\w+
        (act|behave|respond|answer|pose|role-?play) as (if|though|an?|the|my)
        pretend (to be|you are|you're|that you) | (play|assume|adopt|take on) the (role|persona|identity|character) of
        simulate (an?|being) \w+ | imagine (you are|you're|that you are) (an?|the|no longer) | stay in character
        (developer|debug|admin|god|sudo|root|maintenance|unrestricted|jailbreak|test|dan) mode | jail ?brea?k(s|ed|ing)?
        do anything now | without (any )?({_LIMITS}) | unfiltered | uncensored | pwned
        (no|disable|turn off|remove|bypass|ignore) {_THE}((content|safety|ethical) )?{_LIMITS}
        (hacked|pwned|owned|compromised) by | i have been (hacked|compromised)
        """,
    ),
    phrases(
        "machine_speaks",
        Severity.BLOCK,
        "The model speaks about itself.",
        "Write the mail anew.",
        rf"""
        (as|i am|i'm|being) ((just|only|merely) )?an? {_MODEL}( \w+)? | (as a|i am a|i'm a) (bot|machine)
        i (cannot|can't|can not|am unable to|am not able to|won't) (fulfil+|comply|assist|help) with
        i'm sorry,? but i (can't|cannot|am|won't)
        (here is|here's|below is|sure,? here('s| is)) (the|your|an?|my) (\w+ )?(e-?mail|draft|reply|response|subject)
        (openai|chatgpt|gpt-?[345o]\w*|claude|gemini|llama)( \w+)? (policy|policies|model|guidelines|here)
        my (knowledge cutoff|training data) | i have no (access to|personal) (real|opinions|feelings)
        (json|markdown|yaml|xml) (format|output|schema|object) | temperature ?= ?\d+
        (the )?(user|assistant|human|model|lead|prospect)('s)? (asked|wants|requested) (me to|that i)
        (user|assistant|model)('s)? (input|message|query) (is|was)
        """,
    ),
    phrases(
        "data_asked_out",
        Severity.BLOCK,
        "The mail passes something on, or asks for something, that is not meant for its reader.",
        FIX,
        rf"""
        {_SEND} {_SOME}{_GOODS}( \w+)? (to|at|via|here|back) \S+ | (bcc|cc) ?: ?\S*
        add (\S+ )?(to|in|on|as) (the )?(bcc|cc)
        (internal|private|confidential) (notes?|crm|pricing|price list|data|records?)
        (crm|database) (notes?|records?|ids?|fields?|entry|entries|dump) | internal (ids?|fields?|notes?|records?)
        (call|invoke|use|run|execute) the (\w+ )?(tool|function|api|command|plugin)
        (auto-?)?approved? (this|the) (draft|e-?mail|message|request) (automatically|without|immediately|now)
        mark (this|it) as (safe|approved|sent)
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
