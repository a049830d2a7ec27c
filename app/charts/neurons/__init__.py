"""Charts of model neurons and of artificial ones: each draws traces of ``model.traces``.

As in ``app.charts``, beside each figure stands ``describe_...``, which says in plain text what it shows.
"""
