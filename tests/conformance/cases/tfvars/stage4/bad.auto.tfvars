undeclared = 1
a          = upper("x")
