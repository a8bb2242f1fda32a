"""Signing in and out: with a password, or with an identity provider that vouches for the person."""
