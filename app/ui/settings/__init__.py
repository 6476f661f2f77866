"""The dialog Settings, and the parts of it that the welcome page shows as well."""
