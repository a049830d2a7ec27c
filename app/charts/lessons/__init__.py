"""Charts that only lessons show."""
