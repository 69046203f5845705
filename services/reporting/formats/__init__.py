"""Numbers as documents: what is told is built once (`indicators`, `differences`), and then written as
JSON, CSV, XLSX or PDF; charts as SVG and PNG. The same content gives the same bytes.
"""
