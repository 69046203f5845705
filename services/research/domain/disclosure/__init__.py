"""Statistical disclosure control: what may leave, so that nobody can be picked out of it.

Names and rules are those of Hundepool et al., Statistical Disclosure Control (Wiley 2012), chapters
4 (magnitude tables) and 5 (frequency tables). Pure: numpy in, numpy out.
"""
