"""Many learners' copies judged: each notebook in a process of its own, one report."""
