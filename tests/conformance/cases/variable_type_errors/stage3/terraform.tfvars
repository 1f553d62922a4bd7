c = "ok"
