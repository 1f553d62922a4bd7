variable "items" {
  default = ["a", "b"]
}

locals {
  name = "web"
}

resource "terraform_data" "t" {
  input = {
    plain     = "hello"
    interp    = "hi ${local.name}-${1 + 2}"
    only      = "${local.name}"
    only_list = "${[1, 2]}"
    escaped   = "$${not} %%{not} $$ % $ %%"
    quotes    = "a\"b\\c\n\ttab \u00e9 \U0001F600"
    directive = "%{if local.name == "web"}W%{else}N%{endif}"
    loop      = "%{for item in var.items}<${item}>%{endfor}"
    indexed   = "%{for index, item in var.items}${index}=${item};%{endfor}"
    trimmed   = "a %{~if true~} b %{~endif~} c"
    strip     = "x ${~local.name~} y"
    bool      = "${true}"
    mixed     = "n=${1.50} b=${false}"
    nested    = "${"inner ${"deep"}"}"
  }
}

resource "terraform_data" "heredoc" {
  input = {
    plain = <<EOT
one
  two ${local.name}
EOT
    indented = <<-EOT
      first
        second
      third
    EOT
    loop = <<-EOT
      list:
      %{for item in var.items~}
      - ${item}
      %{endfor~}
      end
    EOT
    condition = <<-EOT
      %{if length(var.items) > 1}
      many
      %{else}
      few
      %{endif}
    EOT
    quotes = <<EOT
say "hi" \n $${x}
EOT
    empty = <<EOT
EOT
  }
}

output "trimmed" {
  value = trimspace(<<-EOT

    padded

  EOT
  )
}
