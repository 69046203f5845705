"""Files that come in and go out of research: forms, exports of other tools, letters, publications."""
