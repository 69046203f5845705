"""Files that come in: bank statements as CSV or XLSX, MT940 and CAMT.053."""
