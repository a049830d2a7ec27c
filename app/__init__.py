"""The web app: pages, charts and texts around the models of ``model/``."""
