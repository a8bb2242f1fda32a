"""`python -m tools.scan_secrets [file ...]`: tokens of known shapes in tracked files, before they are published.

A made-up token that a test needs carries `pragma: allowlist secret` on its line.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

from detect_secrets.plugins import (
    aws,
    azure_storage_key,
    github_token,
    gitlab_token,
    jwt,
    npm,
    openai,
    private_key,
    pypi_token,
    sendgrid,
    slack,
    stripe,
    twilio,
)

CHECKOUT = Path(__file__).resolve().parents[1]
ALLOWED = "pragma: allowlist secret"
# A picture or a wheel holds no line to read.
LARGEST_BYTES = 2_000_000


# Shapes only: detectors that measure entropy flag every long word of prose.
_PLUGINS = (
    aws.AWSKeyDetector,
    azure_storage_key.AzureStorageKeyDetector,
    github_token.GitHubTokenDetector,
    gitlab_token.GitLabTokenDetector,
    jwt.JwtTokenDetector,
    npm.NpmDetector,
    openai.OpenAIDetector,
    private_key.PrivateKeyDetector,
    pypi_token.PypiTokenDetector,
    sendgrid.SendGridDetector,
    slack.SlackDetector,
    stripe.StripeDetector,
    twilio.TwilioKeyDetector,
)
# Kind of token -> how it looks. The plug-ins declare theirs as properties, hence the casts.
SHAPES: dict[str, tuple[re.Pattern[str], ...]] = {
    **{cast("str", each.secret_type): tuple(cast("Iterable[re.Pattern[str]]", each.denylist)) for each in _PLUGINS},
    "HubSpot token": (re.compile(r"\bpat-(?:na|eu|ap)\d-[0-9a-f]{8}-[0-9a-f-]{27}\b"),),
    "Google token": (
        re.compile(r"\bya29\.[\w-]{30,}"),
        re.compile(r"\b1//0[\w-]{30,}"),
        re.compile(r"\bGOCSPX-[\w-]{20,}"),
        re.compile(r"\bAIza[\w-]{35}\b"),
    ),
}


def tracked_files(checkout: Path = CHECKOUT) -> list[Path]:
    """The text files git knows."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=checkout, check=True, capture_output=True, text=True).stdout
    return [checkout / name for name in listed.split("\0") if name and (checkout / name).is_file()]


def text_lines(file: Path) -> list[str]:
    """The lines of a text file; none of a large or a binary one."""
    if file.stat().st_size > LARGEST_BYTES:
        return []
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []


def found_in(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """(line number, kind of token) of whatever looks like a credential; never the token itself."""
    for number, line in enumerate(lines, start=1):
        if ALLOWED in line:
            continue
        for kind, shapes in SHAPES.items():
            if any(shape.search(line) for shape in shapes):
                yield number, kind


def main() -> int:
    files = [Path(name) for name in sys.argv[1:]] or tracked_files()
    found = [f"{file}:{line}: {kind}" for file in files for line, kind in found_in(text_lines(file))]
    print("\n".join(found) if found else "scan_secrets: none found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
