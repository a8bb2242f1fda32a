"""Which properties are asked for: HubSpot returns a handful unasked, and none that we need."""

CONTACT = (
    "email",
    "firstname",
    "lastname",
    "company",
    "jobtitle",
    "phone",
    "mobilephone",
    "website",
    "city",
    "state",
    "country",
    "hs_country_region_code",
    "hs_timezone",
    "hs_language",
    "industry",
    "numemployees",
    "lifecyclestage",
    "hs_lead_status",
    "hs_email_optout",
    "hubspot_owner_id",
    "associatedcompanyid",
    "createdate",
    "lastmodifieddate",
)

COMPANY = (
    "name",
    "domain",
    "website",
    "industry",
    "description",
    "numberofemployees",
    "annualrevenue",
    "city",
    "state",
    "country",
    "timezone",
    "type",
    "lifecyclestage",
    "hubspot_owner_id",
    "createdate",
)

DEAL = (
    "dealname",
    "dealstage",
    "dealtype",
    "pipeline",
    "amount",
    "closedate",
    "hs_is_closed",
    "hs_is_closed_won",
    "hubspot_owner_id",
    "createdate",
)

TASK = ("hs_task_body", "hs_createdate")
NOTE = ("hs_note_body", "hs_createdate")
