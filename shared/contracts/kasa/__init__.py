"""The published language of kasa: enterprises, advice, de minimis aid, loans, grants, the fund."""
