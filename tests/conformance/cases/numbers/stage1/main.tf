locals {
  big = 123456789012345678901234567890
}

resource "terraform_data" "n" {
  input = {
    int      = 1
    negative = -5
    decimal  = 1.5
    trailing = 2.50
    tenth    = 0.1 + 0.2
    third    = 1 / 3
    big      = local.big
    big_plus = local.big + 1
    exponent = 1e3
    tiny     = 1e-7
    huge     = 1e30
    modulo   = [7 % 3, -7 % 3, 7.5 % 2]
    division = [6 / 2, 7 / 2]
    compare  = [1 == 1.0, 1 < 2, "1" == 1, 2 >= 2]
    text     = "${1e3} ${1.10} ${local.big} ${1 / 3} ${1e-7}"
    max64    = 9223372036854775807
    over64   = 9223372036854775808
    max53    = 9007199254740993
  }
}

output "division" {
  value = 10 / 4
}

output "big" {
  value = local.big * local.big
}

output "from_text" {
  value = tonumber("123456789.123456789123456789")
}
