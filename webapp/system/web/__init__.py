"""What joins the domains to the web server: frame, errors, and the pages of channels."""
