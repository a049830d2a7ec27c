"""The parts of the neurons page: its five views, the settings of the first, the facts of the last."""
