"""The web page that ``sk-ser app`` shows; nobody imports it.

``_page.py`` is the script that Streamlit runs. It lies in a folder of its own because
Streamlit puts the script's folder in front of all others that modules are imported from.
"""
