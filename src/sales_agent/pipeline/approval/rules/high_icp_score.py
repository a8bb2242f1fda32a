"""Rule: the lead fits the ideal customer almost perfectly, and writes from their company's own domain.

It may be trusted least: a form proves no identity, which is why the domain must be the one that the CRM has for the
company, and must belong to one organisation.
"""

from collections.abc import Mapping

from sales_agent.agents.mail_domains import is_business_domain
from sales_agent.pipeline.approval.inputs import DecisionInputs
from sales_agent.pipeline.approval.rules.verdict import RuleVerdict, at_least

# At most one small part of the score may be missing.
MIN_SCORE = 0.9


def high_icp_score(inputs: DecisionInputs, conditions: Mapping[str, object]) -> RuleVerdict:
    """Applies from `min_score` on, where the address's domain equals the company's."""
    least = at_least(conditions, "min_score", 0)
    if least is None:
        return RuleVerdict(applies=False, reason="has no usable min_score")
    if inputs.fit_score is None:
        return RuleVerdict(applies=False, reason="the lead has no fit score")
    if not inputs.fit_score >= least:
        return RuleVerdict(applies=False, reason=f"fit score {inputs.fit_score:g}, less than {least:g}")
    if not is_business_domain(inputs.recipient_domain):
        return RuleVerdict(applies=False, reason="the address belongs to no company's domain")
    if inputs.recipient_domain != inputs.company_domain:
        return RuleVerdict(applies=False, reason="the address's domain is not the company's")
    return RuleVerdict(applies=True, reason=f"fit score {inputs.fit_score:g}, and the domain is the company's own")
