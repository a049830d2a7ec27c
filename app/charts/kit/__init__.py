"""What charts are made of: looks, numbers, heat maps, a player over frames."""
