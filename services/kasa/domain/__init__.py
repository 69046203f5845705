"""The domain of the fund: pure Python, no input or output."""
