"""What people wrote to the accounts: read, kept, and read again by the words of today."""
