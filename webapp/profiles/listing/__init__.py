"""The list of profiles, of any size: searched, filtered, sorted, paged and exported."""
