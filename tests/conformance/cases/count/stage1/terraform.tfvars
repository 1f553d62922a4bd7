names = ["red"]
