a = <<-EOT
    a

    b
  EOT
b = <<-EOT
${"x"}
    b
      c
    EOT
c = <<EOT
%{ if true ~}
    foo
%{ endif ~}
  bar
EOT
d = "%{ if true ~}   foo\n  %{~ endif ~}  bar"
e = "$$${1}|$$$${1}|$$|$${x}|$|$$a"
f = <<-EOT
      ${"x"}
    b ${1} c
      c
    EOT
g = <<-EOT
	tab
	  x
  EOT
h = <<EOT
a \n "q" $${x} %%{y} $$
EOT
i = <<-EOT
    %{ for x in [1,2] ~}
    - ${x}
    %{ endfor ~}
  EOT
j = <<-EOT
    ${"x" ~}
  EOT
k = "a${~ "b" ~}  c"
l = <<EOT
${5 ~}
EOT
m = "${5}"
n = <<-EOT
        a
      b
    c
       
    d
  EOT
o = <<EOT
EOT
p = <<EOT
  EOTX
 EOT 
q = [1,2,3].1
s = "\u00e9\U0001F600"
