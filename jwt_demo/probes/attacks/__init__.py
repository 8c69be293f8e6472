"""The attacks, by subject, as data."""
