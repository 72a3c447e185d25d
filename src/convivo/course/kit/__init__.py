"""What a room without internet needs, on a stick: every package as a wheel, samples, and one script that starts."""
