"""The table of people and what we know of it."""

VERSION = "0.1.0"
