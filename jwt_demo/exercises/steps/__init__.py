"""The exercises and quizzes, step by step, as data."""
