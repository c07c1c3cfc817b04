"""The errors of the rows of the table of functions, in units in the last place, at fifty hard points each: ./dev accuracy."""
