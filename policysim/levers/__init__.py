"""What a regime can switch on; each lever changes what institutions do, never a person or an outcome.

`GROUP/LEVER.py` holds one lever, its id being the file's name and its group the folder's: nothing lists them.
"""
