"""Tables that people send as files: read with limits, told in two languages what is wrong."""
