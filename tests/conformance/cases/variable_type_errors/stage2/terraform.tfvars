a = { name = "n", port = "many" }
b = { a = 1 }
c = ["x"]
d = ["a", "b"]
