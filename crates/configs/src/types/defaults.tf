variable "v1" {
  type    = object({ a = string, b = optional(number, 5), c = optional(object({ d = optional(string, "x"), e = optional(bool) }), {}) })
  default = { a = 1 }
}
variable "v2" {
  type    = list(object({ a = optional(string, "x") }))
  default = [{}, { a = null }, { a = "y" }, null]
}
variable "v3" {
  type    = map(object({ a = optional(list(string), ["q"]) }))
  default = { k = {}, l = { a = [] } }
}
variable "v4" {
  type    = tuple([object({ a = optional(number, 2) }), string])
  default = [{}, true]
}
variable "v5" {
  type    = set(object({ a = optional(number, 2), b = string }))
  default = [{ b = 1 }, { b = "1", a = 2 }]
}
variable "v6" {
  type    = object({ a = optional(any, { x = 1 }), b = optional(any) })
  default = {}
}
variable "v7" {
  type    = object({ m = optional(map(object({ z = optional(number, 3) })), { k = {} }) })
  default = {}
}
variable "v8" {
  type    = object({ m = map(object({ z = optional(number, 3) })) })
  default = { m = null }
}
variable "v9" {
  type    = any
  default = { a = [1, "b"] }
}
variable "v10" {
  type    = list(any)
  default = [1, "b", true]
}
variable "v11" {
  type    = map(any)
  default = { a = { x = 1 }, b = { x = "2" } }
}
variable "v12" {
  type    = object({ a = object({ b = optional(string, "q") }) })
  default = { a = {}, extra = 1 }
}
variable "v13" {
  type    = map(map(object({ z = optional(number, 3) })))
  default = { a = { b = {}, c = { z = 4 } } }
}
variable "v14" {
  type    = list(list(object({ z = optional(number, 3) })))
  default = [[{}], [], [{ z = null }]]
}
variable "v15" {
  type    = object({ a = optional(string, 5), b = optional(set(string), ["z", "y"]) })
  default = { a = null, b = null }
}
variable "v16" {
  type    = map(object({ z = optional(number, 3), s = optional(object({ t = optional(string, "u") })) }))
  default = { a = { s = {} }, b = { s = null } }
}
variable "v17" {
  type    = list(object({ a = optional(string, "x"), b = optional(map(string), {}) }))
  default = []
}
