locals {
  a = 1 == 2 == 3
  b = !1
  c = -"x"
  d = "a" < "b"
  e = [1] + [2]
  f = true ? 1 : "a"
  g = true ? { a = 1 } : [1]
  h = 5 / 0
  i = 5 % 0
  j = [1, 2][2]
  k = { a = 1 }.b
  l = { a = 1 }["b"]
  m = "text"[0]
  n = null.x
  o = [1, 2]["a"]
}
