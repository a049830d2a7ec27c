"""Charts of recurrent networks at work and in training: each draws traces of ``model.traces``."""
