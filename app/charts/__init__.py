"""Charts: each function takes traces and returns one Plotly figure.

Beside each stands ``describe_...``, which says in a sentence or two, computed from the same trace, what the figure
shows: the alternative text for readers who cannot see it. Nothing here knows Streamlit or torch.
"""
