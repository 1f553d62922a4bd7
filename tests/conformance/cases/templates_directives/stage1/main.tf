variable "names" {
  default = ["a", "b", "c"]
}

variable "flag" {
  default = true
}

resource "terraform_data" "t" {
  input = {
    plain = "%{for n in var.names}${n},%{endfor}"
    trim  = "%{for n in var.names~} ${n} %{~endfor}"
    if    = "%{if var.flag}yes%{else}no%{endif}"
    index = "%{for i, n in var.names}${i}=${n};%{endfor}"
    map   = "%{for k, v in { x = 1, y = 2 }}${k}${v}%{endfor}"
    nest  = "%{for n in var.names}%{if n != "b"}[${n}]%{endif}%{endfor}"
    esc   = "$${a} %%{b} \u00e9 \U0001F600 \\ \" \t"
    here  = <<EOT
%{for n in var.names~}
  - ${n}
%{endfor~}
done
EOT
    dented = <<-EOT
      %{~for n in var.names~}
      * ${n}
      %{~endfor~}
        keep
      ${var.flag}
    EOT
    unwrap = "${var.names}"
    number = "${1.50}"
  }
}

output "file" {
  value = templatefile("./t.tftpl", { names = var.names, flag = !var.flag })
}

output "string" {
  value = templatestring(local.template, { x = 1 })
}

locals {
  template = "x is $${x}"
}
