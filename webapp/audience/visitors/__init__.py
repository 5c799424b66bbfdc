"""The list of visitors, of any size: searched, filtered, sorted, paged and exported."""
