c = "given"
q = "given q"
