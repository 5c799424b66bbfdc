"""What every domain stands on: settings, time, database, plugins, secrets, queue, audit."""
