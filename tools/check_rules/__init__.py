"""The rules of this house that no linter knows: each a function over one parsed file, with its own test."""
