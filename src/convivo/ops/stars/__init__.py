"""Star-convex objects: what StarDist learns from labels, and how it reads objects from its net's answer.

rays         the directions, and the corners they lead to
distances    from labels: how far from each pixel to the boundary of its object
probability  from labels: how far inside its object each pixel lies
candidates   from the net's answer: the stars that are likely enough
suppress     of stars that lie on each other the likeliest
pairs        which pairs suppression may ask about, whatever the threshold
overlap      how much two stars share
paint        from stars to labels
"""
