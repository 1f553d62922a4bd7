variable "n" {
  type    = number
  default = null
}

output "operators" {
  value = {
    precedence  = [1 + 2 * 3, (1 + 2) * 3, -2 + 5, !true || true, true ? 1 : 2]
    logic       = [true && false, true || false, !false]
    equality    = [[1, 2] == [1, 2], { a = 1 } == { a = 1 }, { a = 1 } == { a = "1" }, null == null, "a" != "b", [] == []]
    typed       = [tolist(["a"]) == ["a"], toset(["a"]) == toset(["a"]), 1 == "1", true == "true"]
    nulls       = [var.n == null, var.n != null]
    conditional = [true ? "a" : 1, false ? ["x"] : [], true ? tomap({ a = 1 }) : tomap({ b = "b" }), var.n == null ? null : 5]
    unify       = true ? tolist([1, 2]) : tolist(["a"])
    index       = [["a", "b"][1], { a = 1 }["a"], { a = { b = [1, 2] } }.a.b[1], tomap({ k = "v" }).k]
    paren_key   = { ("dyn${1}") = 1, "quo ted" = 2, bare = 3, 4 = "number" }
    multi       = [
      1,
      2, # comment
      /* inline */ 3,
    ]
  }
}
