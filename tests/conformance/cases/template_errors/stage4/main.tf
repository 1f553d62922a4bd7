locals {
  a = "line
break"
  b = "\q"
}
