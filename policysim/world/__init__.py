"""The place: authorities and neighbourhoods, who lives there at the start, what everyone meets."""
