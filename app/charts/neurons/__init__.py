"""Charts of model neurons and of artificial ones: each draws traces of ``model.traces``."""
