a = { port = 1 }
b = [1, "x"]
c = null
d = ["a"]
