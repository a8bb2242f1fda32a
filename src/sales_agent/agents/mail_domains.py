"""Which mail domains belong to a company, and which addresses nobody reads."""

import re
from typing import Final

from sales_agent.kit.addresses import canonical_address

# The large mailbox providers; those with a domain for each country are listed by their first label below.
_FREE_MAIL: Final = frozenset(
    {"gmail.com", "googlemail.com", "icloud.com", "me.com", "mac.com", "aol.com", "msn.com", "rocketmail.com"}
    | {"proton.me", "protonmail.com", "pm.me", "tutanota.com", "tutanota.de", "tuta.com", "mailbox.org", "posteo.de"}
    | {"gmx.com", "gmx.net", "web.de", "t-online.de", "freenet.de", "arcor.de", "online.de", "mail.de", "email.de"}
    | {"orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "sfr.fr", "libero.it", "virgilio.it", "tiscali.it"}
    | {"bluewin.ch", "chello.at", "aon.at", "ziggo.nl", "kpnmail.nl", "telenet.be", "skynet.be", "wp.pl", "o2.pl"}
    | {"onet.pl", "interia.pl", "seznam.cz", "centrum.cz", "abv.bg", "btinternet.com", "sky.com", "virginmedia.com"}
    | {"comcast.net", "verizon.net", "att.net", "sbcglobal.net", "bellsouth.net", "cox.net", "charter.net"}
    | {"rogers.com", "shaw.ca", "sympatico.ca", "bigpond.com", "optusnet.com.au", "xtra.co.nz", "uol.com.br"}
    | {"bol.com.br", "terra.com.br", "qq.com", "163.com", "126.com", "sina.com", "naver.com", "daum.net"}
    | {"rediffmail.com", "mail.ru", "yandex.ru", "yandex.com", "zoho.com", "fastmail.com", "hey.com", "mail.com"}
)
_FREE_MAIL_NAMES: Final = frozenset({"yahoo", "hotmail", "outlook", "live", "gmx", "ymail"})
_UNATTENDED: Final = re.compile(
    r"(no|do-?not|dont|nicht)[-_.]?(reply|antworten)|(mailer-daemon|postmaster|bounces?|undisclosed-recipients)",
    re.IGNORECASE,
)
_ROLES: Final = frozenset(
    {
        "info",
        "office",
        "contact",
        "kontakt",
        "hello",
        "hallo",
        "mail",
        "post",
        "sales",
        "vertrieb",
        "support",
        "service",
    }
    | {"admin", "webmaster", "team", "marketing", "hr", "jobs", "billing", "buchhaltung", "accounts", "enquiries"}
)


def domain_of(address: str) -> str:
    """What stands behind the at sign, in lower case."""
    return address.rpartition("@")[2].strip().lower()


def is_business_domain(domain: str) -> bool:
    """Whether a domain belongs to one organisation, as far as a list can tell; the empty string does not."""
    name = domain.strip().lower()
    return bool(name) and name not in _FREE_MAIL and name.split(".", 1)[0] not in _FREE_MAIL_NAMES


def is_unattended(address: str) -> bool:
    """Whether nobody reads what is sent there (no-reply, mailer-daemon)."""
    return _UNATTENDED.match(address.rpartition("@")[0]) is not None


def is_role(address: str) -> bool:
    """Whether a desk rather than a person reads it (info@, sales@)."""
    return canonical_address(address).rpartition("@")[0] in _ROLES
