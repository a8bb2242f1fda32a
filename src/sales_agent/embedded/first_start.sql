-- What the superuser prepares in the embedded PostgreSQL before anybody else may connect. It runs at every start and
-- repeats without harm, so a start that was cut short, or a lost password file, is mended by the next one.
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
set client_min_messages = warning;

-- The owner migrates: it may create the login-less role of the directory functions, and cannot bypass row security.
select 'create role sales_agent_owner' where not exists (select from pg_roles where rolname = 'sales_agent_owner')
\gexec
alter role sales_agent_owner
    login createrole nosuperuser nobypassrls nocreatedb noreplication password :'owner_password';

-- The app reads and writes what the migrations grant it, and owns nothing.
select 'create role sales_agent_app' where not exists (select from pg_roles where rolname = 'sales_agent_app')
\gexec
alter role sales_agent_app
    login nocreaterole nosuperuser nobypassrls nocreatedb noreplication password :'app_password';

-- Only a superuser may install the extension; in template1 it reaches every database made later.
\connect template1
set client_min_messages = warning;
create extension if not exists vector;
alter extension vector update;

select 'create database sales_agent owner sales_agent_owner'
where not exists (select from pg_database where datname = 'sales_agent')
\gexec
revoke all on database sales_agent from public;
grant connect on database sales_agent to sales_agent_app;

\connect sales_agent
set client_min_messages = warning;
create extension if not exists vector;
alter extension vector update;
