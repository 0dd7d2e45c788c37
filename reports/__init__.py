"""One assessment and its presentations."""
