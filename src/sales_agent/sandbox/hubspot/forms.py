"""Submissions of a form, newest first, as a poller reads them."""

from sales_agent.sandbox.hubspot.errors import invalid, not_found
from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.routing import Route
from sales_agent.sandbox.wire import Answer, Call

# HubSpot's page of submissions: twenty unasked, fifty at most.
USUAL_PAGE, LARGEST_PAGE = 20, 50


def list_submissions(call: Call) -> Answer:
    """`results` of conversionId, submittedAt (ms), values and pageUrl; no contact id is given."""
    found = call.world.crm.submissions.get(call.params["form_id"])
    if found is None:
        raise not_found(f"No form found with guid '{call.params['form_id']}'")
    asked = call.query.get("limit")
    if asked.isdigit() and int(asked) > LARGEST_PAGE:
        raise invalid(f"limit must not be larger than {LARGEST_PAGE}")
    limit, after = call.count("limit", USUAL_PAGE, LARGEST_PAGE), int(call.query.get("after") or 0)
    newest_first = sorted(found, key=lambda submission: -int(submission["submittedAt"]))
    body: JsonObject = {"results": newest_first[after : after + limit]}
    if after + limit < len(newest_first):
        body["paging"] = {"next": {"after": str(after + limit)}}
    return Answer(body)


ROUTES = (Route("GET", "/form-integrations/v1/submissions/forms/{form_id}", list_submissions),)
