"""Sums over 10^8 rows of Parquet files, by Secant's ways and by hand: ./dev scale"""
