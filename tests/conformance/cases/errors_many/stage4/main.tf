locals {
  f = nothing(1)
  g = upper()
  h = upper("a", "b")
}
