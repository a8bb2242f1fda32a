"""Rule: the recipient was written to before.

It may be trusted because mails were let go to this very address, and nobody took it off the list since.
"""

from collections.abc import Mapping

from sales_agent.pipeline.approval.inputs import DecisionInputs
from sales_agent.pipeline.approval.rules.verdict import RuleVerdict, at_least

# One mail that a person let go is the least that can be called known.
MIN_SENDS = 1


def known_good_recipient(inputs: DecisionInputs, conditions: Mapping[str, object]) -> RuleVerdict:
    """Applies from `min_sends` real mails on; less than one would make everybody known."""
    sends = at_least(conditions, "min_sends", MIN_SENDS)
    if sends is None:
        return RuleVerdict(applies=False, reason="has no usable min_sends")
    if inputs.earlier_sends < sends:
        return RuleVerdict(applies=False, reason=f"{inputs.earlier_sends} earlier mails, fewer than {sends:g}")
    return RuleVerdict(applies=True, reason=f"{inputs.earlier_sends} earlier mails went to the recipient")
