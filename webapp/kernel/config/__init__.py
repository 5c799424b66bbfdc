"""The settings of an instance, and the files that it keeps beside its database."""
