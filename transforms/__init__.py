"""What can be done to the table: hierarchies, steps and recipes."""
