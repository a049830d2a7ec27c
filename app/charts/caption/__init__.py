"""Charts of a caption's trace, and of what was measured on many captions."""
