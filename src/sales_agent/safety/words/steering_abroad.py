"""The oldest of those instructions, "ignore what you were told", in the other languages it arrives in."""

import re

from sales_agent.content import Severity
from sales_agent.safety.wording import Wording, phrases
from sales_agent.safety.words.steering import ECHOED, FIX

_VERGISS = r"(ignorier\w*|vergiss|vergessen sie|missachte\w*) ((bitte|alle|alles|die|deine|ihre) )*"

STEERING_ABROAD: tuple[Wording, ...] = (
    phrases(
        "instruction_echoed",
        Severity.BLOCK,
        ECHOED,
        FIX,
        rf"""
        {_VERGISS}(vorherig|bisherig|vorig|obig)\w*
        {_VERGISS}(anweisung|instruktion|regel)\w*
        (neue|folgende) (anweisung|instruktion)(en)? ?: | du bist (jetzt|nun|ab sofort) | system-?prompt
        (ignore[rz]?|oublie[rz]?) ((toutes|tous|les|vos|tes) )*(instructions|consignes|r[eè]gles|directives)
        tu es maintenant | vous [eê]tes maintenant | ahora eres | ora sei | adesso sei | agora voc[eê] [eé]
        je bent nu
        (ignor[ae]r?|olvid[ae]r?) ((todas|todos|las|los|tus|sus) )*(instrucciones|[oó]rdenes|reglas|indicaciones)
        (ignora|dimentica)(re|te)? ((tutte|tutti|le|i|gli) )*(istruzioni|regole|indicazioni)
        (ignore|esque[cç]a|desconsidere)r? ((todas|todos|as|os|suas) )*(instru[cç][oõ]es|regras|ordens)
        (negeer|vergeet) ((alle|de|je|uw|vorige|eerdere|bovenstaande) )*(instructies|regels|opdrachten)
        (z?ignoruj) ((wszystkie|poprzednie) )*(instrukcje|polecenia) | ignorera ((alla|tidigare) )*instruktioner
        """,
    ),
    # Written without blanks or in letters of their own, so words have no ends that could be asked for.
    Wording(
        "instruction_echoed",
        Severity.BLOCK,
        re.compile(
            r"игнорируй\w*.{0,40}инструкц|забудь\w*.{0,30}инструкц"
            r"|忽略.{0,12}(?:指令|指示|说明|提示)|[無无][視视].{0,12}指[令示]|(?:指示|命令).{0,6}無視"
            r"|이전.{0,8}(?:지시|명령).{0,10}무시|تجاهل.{0,30}التعليمات",
            re.IGNORECASE,
        ),
        ECHOED,
        FIX,
    ),
)
