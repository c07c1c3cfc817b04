"""Where sums over rows and many descents are computed: this process, a pool of processes, or a Dask cluster."""
