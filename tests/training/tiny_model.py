"""Texts and shape of the tests' two-layer model."""

from training.base import Shape

TEXTS = [
    "Hey! How are you doing? I'm fine, thanks. Who is your sister? My sister is Nora.",
    "You are Ben from Harbor Lights. my sister | Nora. I don't know. What do you do for a living? I'm a baker.",
] * 30
SHAPE = Shape(vocabulary=320, hidden=32, layers=2, heads=2, mlp=64, context=256)
