"""Gmail's paths: always `me`, the mailbox the token belongs to."""

_ME = "/gmail/v1/users/me"

PROFILE = f"{_ME}/profile"
THREADS = f"{_ME}/threads"
THREAD = f"{_ME}/threads/{{id}}"
MODIFY_THREAD = f"{_ME}/threads/{{id}}/modify"
MESSAGES = f"{_ME}/messages"
MESSAGE = f"{_ME}/messages/{{id}}"
DRAFTS = f"{_ME}/drafts"
DRAFT = f"{_ME}/drafts/{{id}}"
SEND_DRAFT = f"{_ME}/drafts/send"
LABELS = f"{_ME}/labels"

# The header by which a draft of ours is found again: Gmail keeps it, and rewrites Message-ID.
EFFECT_HEADER = "X-Sales-Agent-Effect"
