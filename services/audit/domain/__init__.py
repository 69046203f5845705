"""The domain of the audit: pure Python, no input or output."""
