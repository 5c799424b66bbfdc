"""The demo: does the whole main job against the sandbox, through real processes and HTTP."""
