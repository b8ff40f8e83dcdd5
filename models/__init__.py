"""The tables of the application and the functions that read and write them."""
