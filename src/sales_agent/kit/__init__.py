"""Tools that know nothing of sales: time, ids, errors, tables, the database, secrets, pages."""
