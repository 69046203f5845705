"""The fictional partnership D0456: its people, the file they come in, and the scenario they play."""
