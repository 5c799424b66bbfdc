"""Who is who: which profile the data of a visitor or of a file belong to."""
