"""The models of Afterimage, and the traces they leave. Nothing here knows of Streamlit or Plotly."""
