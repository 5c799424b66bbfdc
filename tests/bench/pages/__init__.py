"""How much longer pages take with many people than with few: `./run bench --pages`."""
