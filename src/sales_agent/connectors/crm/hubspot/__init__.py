"""HubSpot: one implementation of the crm ports."""
