"""What a class answered, beside what the network did."""
