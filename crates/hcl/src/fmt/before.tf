a = <<EOT
x ${  y  } %{ if x }  q %{ endif }
  EOT
bbb = 1
cc=2   # c1
ddddd=   3 # c2
resource   foo "bar"   {
x=1
 /* block
 comment */
  b   =  [1,2 ,
 3]
   # c
long_name="${var.x}"
t = "${a}${b}"
q = "${
  a
}"
w = "${a ?
b : c}"
c = {a=1,b :2}
  d = [{
  x=1
},{
y=2
}]


nested{}
n2 { a=1 }
n3   {   
}
}
variable "x" {
type="string"
default    =  -1
}
variable "y" {
type=list
v = "list"
}
variable "z" {
type="map"
}
locals {
  a = foo  ( 1 ,2... )
  b = - 1
  c = 1 - -2
  d = !a
  e = a [ 0 ] . b
  f = [for x in [1]:x]
  g = {for k,v in x:k=>v...if k!=null}
  h = a . b . c
  i = core :: max ( 1 )
  j = "a${  { a = 1 } }b"
  k = (  1 + 2  )
  l = a ?b:c
  m = a.*.b
  n = a [*] . b
  o = 1<2&&3>=4||a==b
  p = foo(
a,
    b)
  q = foo(bar({
   a = 1
  bb = 2
}))
  r = <<-EOT
     foo
    EOT
  ss = 1
}
// trailing
/* x */ y = 1 /* z */
