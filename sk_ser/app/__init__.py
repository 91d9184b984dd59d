"""The web page of ``sk-ser app``. No other room imports this one.

Streamlit runs the script ``_page.py``. It has a folder of its own because Streamlit puts the folder
of the script first in the search path of modules.
"""
