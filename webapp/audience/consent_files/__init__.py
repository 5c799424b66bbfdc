"""Files of answers: read, shown before anything is written, and taken in some rows at a time."""
