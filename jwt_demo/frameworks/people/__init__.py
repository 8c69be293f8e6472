"""A Django application of one model: people who log in with an e-mail."""
