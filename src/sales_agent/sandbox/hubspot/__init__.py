"""HubSpot as the sandbox plays it: CRM objects, associations, search, owners, forms and tokens."""
