"""Rule: the recipient replied to us lately.

It may be trusted because a person who answered a mail of ours wants this conversation; only authentic replies count.
"""

import datetime as dt
from collections.abc import Mapping

from sales_agent.pipeline.approval.inputs import DecisionInputs
from sales_agent.pipeline.approval.rules.verdict import RuleVerdict, at_least

# A quarter: after that most people have forgotten what they answered.
DAYS_LOOKBACK = 90


def replied_before(inputs: DecisionInputs, conditions: Mapping[str, object]) -> RuleVerdict:
    """Applies where the last reply is at most `days_lookback` days old; a reply from the future proves nothing."""
    days = at_least(conditions, "days_lookback", 0)
    if days is None:
        return RuleVerdict(applies=False, reason="has no usable days_lookback")
    if inputs.last_reply_at is None:
        return RuleVerdict(applies=False, reason="no reply from the recipient is known")
    age = inputs.now - inputs.last_reply_at
    if age < dt.timedelta(0):
        return RuleVerdict(applies=False, reason="the last reply lies in the future")
    if age / dt.timedelta(days=1) > days:
        return RuleVerdict(applies=False, reason=f"the last reply is {age.days} days old, more than {days:g}")
    return RuleVerdict(applies=True, reason=f"the recipient replied {age.days} days ago")
