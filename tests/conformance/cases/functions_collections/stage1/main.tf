locals {
  m = { b = 2, a = 1 }
  l = ["c", "a", "b", "a"]
}

output "collections" {
  value = {
    alltrue         = [alltrue([true, true]), alltrue([]), alltrue([true, false])]
    anytrue         = [anytrue([false, true]), anytrue([])]
    chunklist       = chunklist(["a", "b", "c"], 2)
    coalesce        = [coalesce("", "b"), coalesce(null, 1)]
    coalescelist    = coalescelist([], ["b"])
    compact         = compact(["a", "", null, "b"])
    concat          = concat(["a"], [1], [true])
    contains        = [contains(local.l, "a"), contains(local.l, "z")]
    distinct        = distinct(local.l)
    element         = [element(local.l, 0), element(local.l, 5), element(local.l, 4)]
    flatten         = flatten([["a", ["b"]], [], ["c", [["d"]]]])
    index           = index(local.l, "b")
    keys            = keys(local.m)
    values          = values(local.m)
    lookup          = [lookup(local.m, "a", 0), lookup(local.m, "z", 0)]
    matchkeys       = matchkeys(["i1", "i2", "i3"], ["us", "eu", "us"], ["us"])
    merge           = merge({ a = 1, b = 2 }, null, { b = 3 }, { c = "x" })
    merge_maps      = merge(tomap({ a = "1" }), tomap({ b = "2" }))
    one             = [one([]), one(["a"])]
    range           = [range(3), range(1, 4), range(4, 1), range(0, 1, 0.25), range(5, 0, -2)]
    reverse         = reverse(local.l)
    setintersection = setintersection(["a", "b"], ["b", "c"])
    setproduct      = setproduct(["a", "b"], [1, 2])
    setsubtract     = setsubtract(["a", "b", "c"], ["b"])
    setunion        = setunion(["b"], ["a", "b"])
    slice           = slice(local.l, 1, 3)
    sort            = sort(["b", "B", "a", "10", "9"])
    sum             = [sum([1, 2.5]), sum([-1, 1])]
    transpose       = transpose({ a = ["1", "2"], b = ["2"] })
    zipmap          = zipmap(["a", "b"], [1, "x"])
    max             = [max(1, 5, 3), min(1, -5, 3)]
    rounding        = [abs(-3.5), ceil(1.2), floor(-1.2), signum(-7), pow(2, 10), log(8, 2)]
    try             = [try(local.m.z, "no"), try(local.m.a, "no"), try(tonumber("x"), null, "b")]
    can             = [can(local.m.z), can(local.m.a), can(tonumber("x"))]
    convert         = [tostring(1.0), tonumber("1e3"), tobool("true"), tolist(toset(["b", "a"])), tomap({ a = 1, b = "x" })]
    type_of_null    = tostring(null)
    json            = jsondecode(jsonencode({ a = [1, null, "x<&>"], b = 1.5, c = true }))
    json_text       = jsonencode({ z = 1, a = "<&>\u2028", n = null, big = 12345678901234567890, f = 0.1 })
    yaml            = yamlencode({ a = [1, "x", null], b = { c = "yes", d = "multi\nline" } })
    yaml_in         = yamldecode("a: 1\nb:\n  - x\n  - {y: true}\nc: ~\nd: 1.5\ne: \"1\"\n")
    sensitive       = nonsensitive(sensitive("x"))
  }
}
