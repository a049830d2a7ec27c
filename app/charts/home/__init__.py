"""The home page's three films: a trace that plays by itself, small and at once.

They are no Plotly figures but HTML whose motion is CSS, for three reasons: Plotly's 5 MB need not load before the first
page shows; they begin without a press; and they stand still for those who asked their system for less motion.
"""
