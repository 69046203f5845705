"""The ground every domain model stands on: pure Python, no input or output."""
