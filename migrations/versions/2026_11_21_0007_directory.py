"""Directory: what must be found before a tenant is known, answered with ids only

Revision ID: 0007
Revises: 0006
"""

from alembic import op

from migrations.tenancy import APPLICATION, DIRECTORY, become_directory, hide_from_directory, show_directory

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# table: the columns the functions below read, and those they change
SHOWN = {
    "tenant": (("id", "slug"), ()),
    "webhook_source": (("tenant_id", "id", "key"), ()),
    "api_key": (("tenant_id", "id", "digest"), ()),
    "audit_event": (("tenant_id", "id", "at"), ()),
    "audit_seal": (("tenant_id", "id", "sequence"), ()),
    "effect": (("tenant_id", "status"), ()),
    "job": (
        (
            *("tenant_id", "id", "kind", "queue", "trace_id"),
            *("state", "next_run_at", "handed_at", "started_at", "lease_expires_at"),
        ),
        ("state", "handed_at", "lease_owner", "lease_expires_at"),
    ),
}

LOOK_UPS = {
    "webhook_source(key text)": """
        returns table (tenant_id uuid, source_id uuid) language sql stable as $$
            select s.tenant_id, s.id from public.webhook_source s where s.key = webhook_source.key
        $$""",
    "api_key(digest text)": """
        returns table (tenant_id uuid, key_id uuid) language sql stable as $$
            select k.tenant_id, k.id from public.api_key k where k.digest = api_key.digest
        $$""",
    "tenant_by_slug(slug text)": """
        returns uuid language sql stable as $$
            select t.id from public.tenant t where t.slug = tenant_by_slug.slug
        $$""",
}

# Both lists come in a random order, so that a tenant whose work stays undone cannot keep the others out of a batch.
PATROLS = {
    # The seconds an event rests before it is sealed let transactions end that began earlier: the chain is then in the
    # order of time. The minutes are how long a transaction may stay open and still be found here without reading every
    # event there is; what comes later than that is sealed in the first round of the next day.
    "tenants_to_seal(batch integer)": """
        returns table (tenant_id uuid) language sql volatile as $$
            select t.id from public.tenant t
            where exists (
                select from public.audit_event e
                where e.tenant_id = t.id
                    and e.at < now() - interval '2 seconds'
                    and e.at > coalesce(
                        (
                            select l.at - interval '5 minutes'
                            from public.audit_seal s
                                join public.audit_event l on l.tenant_id = s.tenant_id and l.id = s.id
                            where s.tenant_id = t.id order by s.sequence desc limit 1
                        ),
                        '-infinity'
                    )
                    and not exists (
                        select from public.audit_seal s where s.tenant_id = e.tenant_id and s.id = e.id
                    )
            )
            order by random() limit batch
        $$""",
    # Reads one index entry a tenant, however many effects each has open.
    "tenants_with_open_effects(batch integer)": """
        returns table (tenant_id uuid) language sql volatile as $$
            with recursive found(tenant_id) as (
                (
                    select e.tenant_id from public.effect e
                    where e.status in ('intended', 'unknown', 'held') order by e.tenant_id limit 1
                )
                union all
                select (
                    select e.tenant_id from public.effect e
                    where e.status in ('intended', 'unknown', 'held') and e.tenant_id > found.tenant_id
                    order by e.tenant_id limit 1
                )
                from found where found.tenant_id is not null
            )
            select found.tenant_id from found where found.tenant_id is not null order by random() limit batch
        $$""",
    "due_job_count()": """
        returns table (queue text, state text, count bigint, oldest_seconds double precision)
        language sql stable as $$
            select j.queue, j.state, count(*), greatest(0, extract(epoch from now() - min(
                case j.state when 'handed' then j.handed_at when 'running' then j.started_at else j.next_run_at end
            )))::double precision
            from public.job j where j.state in ('due', 'handed', 'running', 'parked')
            group by j.queue, j.state
        $$""",
}

# 1. Take back what was handed to Redis and never begun, whose worker went silent, and what was parked until now.
# 2. Of each queue, oldest first, as many as it has room for. The queue with the fewest goes first and each may take an
#    equal part of what is left, so the batch is used up and a backlog of 100,000 in one queue keeps no other waiting.
#    Finding the queues reads one index entry each.
# SKIP LOCKED: two relays at once get different jobs; together they may exceed max_handed by one batch, no harm.
HAND_OVER_JOBS = """
    returns table (tenant_id uuid, job_id uuid, kind text, queue text, trace_id text)
    language plpgsql volatile as $$
    #variable_conflict use_column
    declare
        share record;
        remaining integer := batch;
        taken integer;
    begin
        with handed as (
            select l.tenant_id, l.id from public.job l
            where l.state = 'handed' and l.handed_at < now() - make_interval(secs => handover_timeout_seconds)
            for update skip locked
        ),
        silent as (
            select l.tenant_id, l.id from public.job l
            where l.state = 'running' and l.lease_expires_at < now()
            for update skip locked
        ),
        parked as (
            select l.tenant_id, l.id from public.job l
            where l.state = 'parked' and l.next_run_at <= now()
            for update skip locked
        )
        update public.job j set state = 'due', handed_at = null, lease_owner = null, lease_expires_at = null
        from (table handed union all table silent union all table parked) lost
        where j.tenant_id = lost.tenant_id and j.id = lost.id;

        for share in
            with recursive name(queue) as (
                (select d.queue from public.job d where d.state = 'due' order by d.queue limit 1)
                union all
                select (
                    select d.queue from public.job d
                    where d.state = 'due' and d.queue > name.queue order by d.queue limit 1
                )
                from name where name.queue is not null
            ),
            wish as (
                select name.queue, least(
                    (
                        select count(*) from (
                            select from public.job d
                            where d.state = 'due' and d.queue = name.queue and d.next_run_at <= now() limit batch
                        ) waiting
                    ),
                    max_handed - (select count(*) from public.job h where h.state = 'handed' and h.queue = name.queue)
                )::integer as jobs
                from name where name.queue is not null
            )
            select wish.queue, wish.jobs, row_number() over (order by wish.jobs desc) as queues_left
            from wish where wish.jobs > 0 order by wish.jobs
        loop
            return query
                with picked as materialized (
                    select d.tenant_id, d.id from public.job d
                    where d.state = 'due' and d.queue = share.queue and d.next_run_at <= now()
                    order by d.next_run_at
                    limit least(share.jobs, ceil(remaining::numeric / share.queues_left)::integer)
                    for update skip locked
                )
                update public.job j set state = 'handed', handed_at = now()
                from picked where j.tenant_id = picked.tenant_id and j.id = picked.id
                returning j.tenant_id, j.id, j.kind, j.queue, j.trace_id;
            get diagnostics taken = row_count;
            remaining := remaining - taken;
        end loop;
    end $$"""

FUNCTIONS = {
    **LOOK_UPS,
    **PATROLS,
    "hand_over_jobs(batch integer, max_handed integer, handover_timeout_seconds double precision)": HAND_OVER_JOBS,
}


def upgrade() -> None:
    for table, (columns, updates) in SHOWN.items():
        show_directory(table, columns, updates=updates)
    become_directory()
    op.execute("create schema directory")
    # A new owner of a function must be allowed to create in its schema, at that moment only.
    op.execute(f"grant create, usage on schema directory to {DIRECTORY}")
    for signature, body in FUNCTIONS.items():
        op.execute(
            f"create function directory.{signature} {body} security definer set search_path = pg_catalog, pg_temp"
        )
        op.execute(f"revoke all on function directory.{signature} from public")
        op.execute(f"grant execute on function directory.{signature} to {APPLICATION}")
        op.execute(f"alter function directory.{signature} owner to {DIRECTORY}")
    op.execute(f"revoke create on schema directory from {DIRECTORY}")
    op.execute(f"grant usage on schema directory to {APPLICATION}")


def downgrade() -> None:
    op.execute("drop schema directory cascade")
    for table, (_, updates) in SHOWN.items():
        hide_from_directory(table, updates=bool(updates))
