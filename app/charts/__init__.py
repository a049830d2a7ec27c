"""Charts: each function takes traces and returns one ``Chart`` (``app.charts.kit.chart``): a Plotly figure and, in a few
sentences computed from the same traces, what it shows, the alternative text for readers who cannot see it.

Nothing here knows Streamlit or torch.
"""
