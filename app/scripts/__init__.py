"""The code behind each view: which lines of the project compute it, and a script that prints the numbers it shows."""
