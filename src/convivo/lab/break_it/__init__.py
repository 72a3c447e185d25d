"""Break it: what can happen to an image before a net sees it, first aid, and where the image then lies.

harm      sliders to an altered image, with its truth
photons   shot noise that stands still while its strength is changed
aid       first aid, as doubt has it
strips    traits of the image beside those of the images that the model knows
"""
