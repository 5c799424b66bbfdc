"""What every page needs: forms, fragments, headers, and addresses."""
