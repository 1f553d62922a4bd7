d = "tests"
e = "tests"
