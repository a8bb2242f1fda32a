"""Twenty-odd ways in which somebody with the owner's login might touch a sealed audit trail."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import psycopg
from psycopg.rows import namedtuple_row

from sales_agent.ledger.audit.chain import Link, next_link
from sales_agent.ledger.audit.models import AuditEvent

# In the statements below: the event under the third seal.
EVENT = "(select id from audit_seal where sequence = 3)"


@dataclass(frozen=True, slots=True)
class Tampering:
    """Statements, in which `$EVENT` is the third of six; `broken` is the sequence of the first link that must fail.

    `needs_anchor`: the chain alone cannot tell, the exported end of it can.
    """

    statements: tuple[str, ...] = ()
    broken: int = 3
    needs_anchor: bool = False
    act: Callable[[psycopg.Connection, UUID], None] | None = None


def changed(assignment: str) -> Tampering:
    return Tampering((f"update audit_event set {assignment} where id = $EVENT",))  # noqa: S608 - written below


def rewritten_from_the_third(connection: psycopg.Connection, tenant_id: UUID) -> None:
    """Change the third event, and calculate its link and every later one anew."""
    with connection.cursor(row_factory=namedtuple_row) as cursor:
        seals = cursor.execute("select * from audit_seal order by sequence").fetchall()
        cursor.execute("update audit_event set actor = 'nobody' where id = %s", (seals[2].id,))
        second = seals[1]
        last = Link(second.sequence, second.id, second.sealed_at, second.previous_hash, second.hash)
        for seal in seals[2:]:
            row = cursor.execute("select * from audit_event where id = %s", (seal.id,)).fetchone()
            assert row is not None
            last = next_link(last, AuditEvent(**row._asdict()), seal.sealed_at)
            again = "update audit_seal set previous_hash = %s, hash = %s where sequence = %s and tenant_id = %s"
            cursor.execute(again, (last.previous_hash, last.hash, seal.sequence, tenant_id))


SWAPPED = (
    "update audit_seal set sequence = -1 where sequence = 3",
    "update audit_seal set sequence = 3 where sequence = 4",
    "update audit_seal set sequence = 4 where sequence = -1",
)

INSERTED = """
    insert into audit_event select tenant_id, gen_random_uuid(), at, 'nobody', action, subject_type, subject_id, run_id,
        draft_id, trace_id, facts, private_encrypted from audit_event where id = $EVENT"""

TAMPERINGS = {
    "another actor": changed("actor = 'nobody'"),
    "another action": changed("action = 'draft.rejected'"),
    "another kind of subject": changed("subject_type = 'run'"),
    "another subject": changed("subject_id = gen_random_uuid()"),
    "no subject": changed("subject_id = null"),
    "another run": changed("run_id = gen_random_uuid()"),
    "another draft": changed("draft_id = gen_random_uuid()"),
    "another time": changed("at = at + interval '1 microsecond'"),
    "another trace": changed("trace_id = 'f'"),
    "another fact": changed("""facts = '{"version": 2}'"""),
    "one fact more": changed("""facts = facts || '{"by": "rule"}'"""),
    "a number as a text": changed("""facts = '{"version": "1"}'"""),
    "other personal data": changed("private_encrypted = 'k1:BBBB'"),
    "no personal data": changed("private_encrypted = null"),
    "an event taken out": Tampering(("delete from audit_event where id = $EVENT",)),
    "an event taken out with its seal": Tampering(
        ("delete from audit_event where id = $EVENT", "delete from audit_seal where sequence = 3")
    ),
    "an event taken out and the gap closed": Tampering(
        (
            "delete from audit_event where id = $EVENT",
            "delete from audit_seal where sequence = 3",
            "update audit_seal set sequence = -sequence where sequence > 3",
            "update audit_seal set sequence = -sequence - 1 where sequence < 0",
        )
    ),
    "the first event taken out with its seal": Tampering(
        (
            "delete from audit_event where id = (select id from audit_seal where sequence = 1)",
            "delete from audit_seal where sequence = 1",
        ),
        broken=1,
    ),
    "two links swapped": Tampering(SWAPPED),
    "another event under a seal": Tampering(
        (
            INSERTED,
            "update audit_seal set id = (select id from audit_event where actor = 'nobody') where sequence = 3",
        )
    ),
    "another hash": Tampering(("update audit_seal set hash = repeat('0', 64) where sequence = 3",)),
    "another hash before": Tampering(("update audit_seal set previous_hash = repeat('0', 64) where sequence = 3",)),
    "another time of sealing": Tampering(
        ("update audit_seal set sealed_at = sealed_at - interval '1 day' where sequence = 3",)
    ),
    "the rest calculated anew": Tampering(act=rewritten_from_the_third, broken=6, needs_anchor=True),
    "the end cut off": Tampering(
        (
            "delete from audit_event where id in (select id from audit_seal where sequence > 4)",
            "delete from audit_seal where sequence > 4",
        ),
        broken=5,
        needs_anchor=True,
    ),
    "everything taken away": Tampering(
        ("delete from audit_seal", "delete from audit_event"), broken=1, needs_anchor=True
    ),
}
