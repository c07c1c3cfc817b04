"""The speed of Secant and of other programs, in turns on one machine: ./dev bench"""
