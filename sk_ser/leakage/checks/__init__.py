"""The checks that every audit has, one in a file."""
