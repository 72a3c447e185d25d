"""What a person orders: predict these images, train on this folder, check this data.

The command line and the lab order the same things here. An order is carried out by a generator that yields what
happens; who ordered decides what to show of it.
"""
