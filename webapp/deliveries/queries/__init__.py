"""What pages and commands show of deliveries; nothing in here changes one."""
