"""The demo: three signed forms on the sandbox, shown as they become drafts."""
