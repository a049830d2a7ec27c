"""Charts of recurrent networks at work and in training: each draws traces of ``model.traces``.

As in ``app.charts``, beside each figure stands ``describe_...``, which says in plain text what it shows.
"""
