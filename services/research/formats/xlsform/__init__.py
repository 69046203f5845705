"""Forms as spreadsheets, as the field writes them (XLSForm): read with pyxform, and written."""
