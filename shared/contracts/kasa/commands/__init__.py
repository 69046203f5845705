"""Commands of the fund, imperative, by subject. The caller and the command id travel beside them."""
