"""Connected accounts of a channel: settings, secrets, doctor, limits and prices."""
