"""Who is unique: in the release, and in the population it was drawn from."""
