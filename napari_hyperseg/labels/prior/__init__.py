"""What gridding and tracking make of a few labelled lines, as a start for the network."""
