"""Fetching web pages: every URL ends in a page or in a typed reason."""
