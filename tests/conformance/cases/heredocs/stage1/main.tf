locals {
  plain = <<EOT
one
  two

three ${1 + 1}
EOT

  dented = <<-EOT
    one
      two

    three \n not a newline
  EOT

  tabs = <<-EOT
		tab
			more
	EOT

  mixed = [<<A
a
A
    , <<-B
      b
    B
  ]

  empty = <<EOT
EOT

  crlf = "a\r\nb"
}

resource "terraform_data" "a" {
  input = [local.plain, local.dented, local.tabs, local.mixed, local.empty, local.crlf]
}
