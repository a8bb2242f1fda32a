"""The checklist that stands between a draft and its first real reader."""
