"""Who may let a draft go: rules and operators."""
