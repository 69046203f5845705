"""The domain of training: pure Python, no input or output."""
