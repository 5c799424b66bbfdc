"""What a process has around it: the queue, its signs of life, its disk and its end."""
