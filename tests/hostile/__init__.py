"""A trial that anyone can repeat: thousands of hostile photos, texts, addresses and files, at the library and a server.

python -m tests.hostile --photos 10000 --texts 500 --files 500
python -m tests.hostile --photos 1000 --page-every 10 --seed 7
"""
