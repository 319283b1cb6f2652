"""The room in which a regime is built: levers with all that is known of them, settings, what it costs, files and links."""
