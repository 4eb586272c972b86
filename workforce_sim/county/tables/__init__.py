"""The bureau's own tables: rosters (花名册) and school tables, read, checked and written."""
