"""What would flatter a score: the same sound in X twice, as it was or made over."""

from sk_ser.leakage._duplicates import find_duplicates

__all__ = ["find_duplicates"]
