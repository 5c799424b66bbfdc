"""What Home shows: what needs somebody, what comes next, the first steps, the search."""
