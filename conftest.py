"""Every kernel that a test starts, nbval's too, has the same surroundings."""

from rerun import prepare_environment

prepare_environment()
