"""Drafts: their words, versions, states and voice."""
