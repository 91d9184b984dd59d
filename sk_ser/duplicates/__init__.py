"""Copies of audio: recordings that occur more than once, unchanged or altered."""

from sk_ser.duplicates._find import find_duplicates

__all__ = ["find_duplicates"]
