"""The parts of the home page: three traces at play, each a door to its page, and what a teacher needs."""
