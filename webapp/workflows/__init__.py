"""Technical jobs with a schedule, their runs and journals."""
