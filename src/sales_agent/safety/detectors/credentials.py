"""Keys, tokens and passwords, by the forms their makers gave them; never by entropy, which takes prose for keys."""

import re
from collections.abc import Iterable, Iterator
from typing import cast

from detect_secrets.plugins import (
    aws,
    azure_storage_key,
    basic_auth,
    discord,
    github_token,
    gitlab_token,
    jwt,
    mailchimp,
    npm,
    openai,
    private_key,
    pypi_token,
    sendgrid,
    slack,
    square_oauth,
    stripe,
    telegram_token,
    twilio,
)

from sales_agent.safety.detectors.found import Found, PersonalData

_PLUGINS = (
    aws.AWSKeyDetector,
    azure_storage_key.AzureStorageKeyDetector,
    basic_auth.BasicAuthDetector,
    discord.DiscordBotTokenDetector,
    github_token.GitHubTokenDetector,
    gitlab_token.GitLabTokenDetector,
    jwt.JwtTokenDetector,
    mailchimp.MailchimpDetector,
    npm.NpmDetector,
    openai.OpenAIDetector,
    private_key.PrivateKeyDetector,
    pypi_token.PypiTokenDetector,
    sendgrid.SendGridDetector,
    slack.SlackDetector,
    square_oauth.SquareOAuthDetector,
    stripe.StripeDetector,
    telegram_token.TelegramBotTokenDetector,
    twilio.TwilioKeyDetector,
)
_OURS = (
    # HubSpot service keys and private apps, Google keys, tokens and client secrets, our own API keys, newer OpenAI keys
    re.compile(r"\bpat-(?:na|eu|ap)\d?-[0-9a-f-]{20,}", re.IGNORECASE),
    re.compile(r"\bAIza[\w-]{30,}|\bya29\.[\w-]{10,}|\bGOCSPX-[\w-]{10,}|\b1//0[\w-]{20,}"),
    re.compile(r"\bsk-(?:proj-|ant-|svcacct-)?[\w-]{20,}"),
    re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]+)?"),
    # A word for a secret, then a value that is no plain word: it holds a digit or a mark.
    re.compile(
        r"\b(?:pass(?:word|wort|code|phrase)|pwd|api[ _-]?key|access[ _-]?key|(?:client|shared|api)[ _-]secret"
        r"|(?:access|bearer|auth|api|refresh)[ _-]?token|kennwort|mot de passe)s?\b"
        r"[\"']?\s*(?:is|ist|was|est|:=|=>|:|=)\s*[\"']?(?=\S*[\d!@#$%^&*_+])[^\s\"'<>]{6,}",
        re.IGNORECASE,
    ),
)
# Their makers declare them as a property, which the type checker takes at its word.
_THEIRS = tuple(pattern for plugin in _PLUGINS for pattern in cast("Iterable[re.Pattern[str]]", plugin.denylist))


def find_credentials(text: str) -> Iterator[Found]:
    """Every key, token or password; spans may overlap."""
    for pattern in (*_THEIRS, *_OURS):
        for match in pattern.finditer(text):
            yield Found(PersonalData.CREDENTIAL, match.start(), match.end())
