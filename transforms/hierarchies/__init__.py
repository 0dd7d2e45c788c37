"""Builders of generalisation hierarchies, and their files."""
