"""What a verification of the audit trail says, to programs and to people."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from sales_agent.ledger.audit.verify import Verification


def verdict_as_json(tenant_id: UUID, found: Verification) -> dict[str, object]:
    """For programs."""
    return {
        "ok": found.ok,
        "tenant_id": str(tenant_id),
        "sealed_to": found.sealed_to,
        "head": found.head.hash,
        "anchors": found.anchors,
        "unsealed": found.unsealed,
        "broken": None if found.broken is None else asdict(found.broken),
    }


def verdict_lines(found: Verification) -> Sequence[str]:
    """For people."""
    lines: list[str] = []
    if found.broken is not None:
        event = f" (event {found.broken.event_id})" if found.broken.event_id else ""
        lines.append(f"BROKEN at link {found.broken.sequence:,}{event}: {found.broken.differs}.")
        lines.append(f"There {found.broken.says}." if found.broken.event_id else f"{found.broken.says}.")
    lines.append(
        f"{'Whole' if found.ok else 'Before that whole'}: sealed to {found.sealed_to:,}, head {found.head.hash}."
    )
    if found.anchors:
        lines.append(f"{found.anchors:,} {'anchor agrees' if found.anchors == 1 else 'anchors agree'}.")
    elif found.ok:
        lines.append("No anchor says where it should end: a cut-off end would go unnoticed (--anchors).")
    if found.unsealed:
        lines.append(f"{found.unsealed:,} later events are not sealed, and nothing is said about them.")
    return lines
