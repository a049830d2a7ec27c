"""Charts: each function takes traces and returns one ``Chart`` (``app.charts.kit.chart``): a Plotly figure and, in
sentences that are computed from the same traces, what it shows, for readers who cannot see it.

Nothing here knows Streamlit or torch.
"""
